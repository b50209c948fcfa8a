// When each of a content's users first engaged with it, from its relationships: after a sum lost its precision.
MATCH (:Content {key: $key})<-[p:INTERACTED]-(:User) WHERE p.touched IS NOT NULL RETURN p.touched AS at
