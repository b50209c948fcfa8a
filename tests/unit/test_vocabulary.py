"""The table of what can be recorded, and what a deployment may add to it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from signals.errors import StartupError
from signals.events import Face
from signals.vocabulary import Behaviour, Term, Vocabulary

CONTENT_TYPES = (
    "POST STORY ARTICLE COMMENT COMMUNITY CONNECTION CONVERSATION_MESSAGE MATRIX_MESSAGE PROFILE PAGE COURSE "
    "LESSON PROBLEM"
)
NAMES = {
    Face.CONTENT: "CREATE UPDATE DELETE VIEW CLICK LIKE UNLIKE REACT UNREACT COMMENT REPLY SHARE SAVE UNSAVE FOLLOW "
    "UNFOLLOW SCROLL DWELL HIDE UNHIDE REPORT IMPRESSION",
    Face.SOCIAL: "CONNECTION_REQUEST CONNECTION_ACCEPT CONNECTION_DECLINE CONNECTION_CANCEL CONNECTION_REMOVE FOLLOW "
    "UNFOLLOW MESSAGE_SENT MESSAGE_READ PROFILE_VISIT COMMENT REPLY MENTION INVITE BLOCK UNBLOCK MUTE UNMUTE REPORT",
    Face.PROFILE: "PROFILE_VISIT",
    Face.ACTIVITY: "LOGIN LOGOUT SESSION_START SESSION_END SESSION_DATA PING TOKEN_REFRESH PAGE_VIEW SCROLL SEARCH "
    "POST_CREATE POST_UPDATE STORY_CREATE COMMUNITY_CREATE COMMUNITY_JOIN COMMUNITY_LEAVE LESSON_VIEW "
    "LESSON_COMPLETED PROBLEM_VIEW PROBLEM_SOLVED COURSE_VIEW STREAK_IMPORTED ERROR CUSTOM",
}
STATES = {
    Face.CONTENT: "FOLLOW HIDE LIKE REACT SAVE",
    Face.SOCIAL: "BLOCK FOLLOW MUTE",
    Face.PROFILE: "",
    Face.ACTIVITY: "COMMUNITY_JOIN",
}


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary.load()


def of(vocabulary: Vocabulary, face: Face) -> list[Term]:
    return [vocabulary.term(face, name) for name in vocabulary.names(face)]


@pytest.mark.parametrize("face", Face)
def test_every_name_of_the_contract_is_there(vocabulary: Vocabulary, face: Face) -> None:
    assert vocabulary.names(face) == tuple(NAMES[face].split())
    assert vocabulary.content_types == tuple(CONTENT_TYPES.split())


@pytest.mark.parametrize("face", Face)
def test_states_are_set_by_one_row_and_cleared_by_another(vocabulary: Vocabulary, face: Face) -> None:
    states = [term for term in of(vocabulary, face) if term.behaviour is Behaviour.STATE]
    assert sorted(t.name for t in states if t.on) == STATES[face].split()
    assert sorted(str(t.state) for t in states if not t.on) == STATES[face].split()
    assert all(t.state == t.name for t in states if t.on)
    assert all(t.weight == 0 for t in states if not t.on)


def test_connections_have_a_life(vocabulary: Vocabulary) -> None:
    steps = [t.name for t in vocabulary.terms.values() if t.behaviour is Behaviour.CONNECTION]
    assert steps == [f"CONNECTION_{step}" for step in ("REQUEST", "ACCEPT", "DECLINE", "CANCEL", "REMOVE")]


def test_a_profile_visit_is_one_row_with_two_faces(vocabulary: Vocabulary) -> None:
    visit = vocabulary.term(Face.PROFILE, "PROFILE_VISIT")
    assert visit is vocabulary.term(Face.SOCIAL, "PROFILE_VISIT")
    assert (visit.face, visit.category, visit.action) == (Face.PROFILE, "profile", "visit")


def test_weights_say_what_engages(vocabulary: Vocabulary) -> None:
    weights = {t.name: t.weight for t in of(vocabulary, Face.CONTENT)}
    assert weights["SHARE"] > weights["COMMENT"] > weights["SAVE"] > weights["LIKE"] > weights["VIEW"] > 0
    assert weights["CREATE"] == weights["UPDATE"] == weights["DELETE"] == weights["IMPRESSION"] == 0
    assert weights["HIDE"] < 0
    assert weights["REPORT"] < 0


def test_activities_have_the_types_of_the_contract(vocabulary: Vocabulary) -> None:
    types = {t.name: f"{t.category}:{t.action}" for t in of(vocabulary, Face.ACTIVITY)}
    assert types["LOGIN"] == "auth:login"
    assert types["PAGE_VIEW"] == "page:view"
    assert types["PROBLEM_SOLVED"] == "problem:solved"
    assert vocabulary.term(Face.ACTIVITY, "CUSTOM").category is None
    assert vocabulary.term(Face.ACTIVITY, "COMMUNITY_LEAVE").target == "COMMUNITY"


def test_the_page_lists_every_row_as_it_is(vocabulary: Vocabulary) -> None:
    page = (Path(__file__).parents[2] / "docs" / "vocabulary.md").read_text(encoding="utf-8")
    rows = {(m[1], m[2]): m[3] for m in re.finditer(r"^\| (\w+) \| (\w+) \| .* \| (-?[\d.]+) \|", page, re.MULTILINE)}
    assert rows == {
        (face.value, name): f"{term.weight:g}"
        for (face, name), term in vocabulary.terms.items()
        if face != Face.PROFILE
    }


EXTRA = """
content_types = ["RECIPE"]
[content]
COOK   = { weight = 5 }
STAR   = { weight = 4, behaviour = "state" }
UNSTAR = { undoes = "STAR" }
[social]
WAVE = { weight = 1 }
[activity]
CLUB_JOIN  = { weight = 4, category = "club", action = "join", behaviour = "state", target = "RECIPE", points = 5 }
CLUB_LEAVE = { undoes = "CLUB_JOIN", category = "club", action = "leave" }
"""


def test_a_deployment_adds_rows(tmp_path: Path) -> None:
    vocabulary = load(tmp_path, EXTRA)
    assert vocabulary.content_types[-1] == "RECIPE"
    assert vocabulary.names(Face.CONTENT)[-3:] == ("COOK", "STAR", "UNSTAR")
    assert vocabulary.term(Face.CONTENT, "UNSTAR").state == "STAR"
    assert vocabulary.term(Face.SOCIAL, "WAVE").category == "social"
    assert vocabulary.term(Face.ACTIVITY, "CLUB_LEAVE").target == "RECIPE"
    assert vocabulary.term(Face.ACTIVITY, "CLUB_JOIN").points == 5


def test_points_are_those_of_the_page(vocabulary: Vocabulary) -> None:
    earning = {name: term.points for (_, name), term in vocabulary.terms.items() if term.points}
    assert earning == {"PROBLEM_SOLVED": 10, "LESSON_COMPLETED": 10}


@pytest.mark.parametrize(
    ("text", "row", "remedy"),
    [
        ("content = 1", "content", "dictionary"),
        ("[content", "", "not valid TOML"),
        ("[content]\nA = { weight = 1 }\nA = { weight = 2 }", "", "may stand there once"),
        ("[content]\ncook = { weight = 1 }", "content.cook", "upper case"),
        ("[content]\n'CO OK' = { weight = 1 }", "content.CO OK", "letters, digits and _"),
        ("content_types = ['Recipe']", "content_types.0", "upper case"),
        ("content_types = ['POST']", "content_types.POST", "leave it out"),
        ("[content]\nLIKE = { weight = 9 }", "content.LIKE", "choose another name"),
        ("[activity]\nCUSTOM = { weight = 9 }", "activity.CUSTOM", "choose another name"),
        ("[content]\nCOOK = { }", "content.COOK", "needs a weight"),
        ("[content]\nCOOK = { weight = 'much' }", "content.COOK.weight", "number"),
        ("[content]\nCOOK = { weight = nan }", "content.COOK.weight", "finite"),
        ("[content]\nCOOK = { weight = true }", "content.COOK.weight", "number"),
        ("[content]\nCOOK = { weight = 1, wait = 2 }", "content.COOK.wait", "not known here"),
        ("[content]\nCOOK = { weight = 1, points = inf }", "content.COOK.points", "finite"),
        ("[content]\nCOOK = { weight = 1, points = 'many' }", "content.COOK.points", "number"),
        ("[content]\nCOOK = { weight = 1, behaviour = 'mood' }", "content.COOK.behaviour", "'count', 'state'"),
        ("[content]\nCOOK = { weight = 1, target = 'POST' }", "content.COOK", "only activities"),
        ("[content]\nCOOK = { weight = 1, category = 'x' }", "content.COOK", "leave them out"),
        ("[content]\nUNCOOK = { undoes = 'COOK' }", "content.UNCOOK", "no content row"),
        ("[content]\nUNVIEW = { undoes = 'VIEW' }", "content.UNVIEW", "no state"),
        ("[content]\nDISLIKE = { undoes = 'LIKE', weight = -1 }", "content.DISLIKE", "leave them out"),
        ("[content]\nUNUN = { undoes = 'UNLIKE' }", "content.UNUN", "no state"),
        ("[content]\nCOMMUNITY_JOIN = { weight = 1, behaviour = 'state' }", "activity.COMMUNITY_JOIN", "same state"),
        (
            "[social]\nCONNECTION_PAUSE = { weight = 1, behaviour = 'connection' }",
            "social.CONNECTION_PAUSE",
            "built in",
        ),
        ("[social]\nPEEK = { weight = 1, face = 'profile' }", "social.PEEK", "built in"),
        ("[activity]\nA = { weight = 1, category = 'a' }", "activity.A", "needs category and action"),
        ("[activity]\nA = { weight = 1, category = 'A b', action = 'c' }", "activity.A.category", "lower case"),
        ("[activity]\nA = { weight = 1, category = 'auth', action = 'login' }", "activity.A", "type of activity.LOGIN"),
        ("[activity]\nA = { weight = 1, category = 'a', action = 'b', behaviour = 'state' }", "activity.A", "target"),
        ("[activity]\nA = { weight = 1, category = 'a', action = 'b', target = 'POST' }", "activity.A", "target"),
        (
            "[activity]\nA = { weight = 1, category = 'a', action = 'b', behaviour = 'state', target = 'CLUB' }",
            "activity.A",
            "no content type",
        ),
    ],
)
def test_a_table_that_does_not_fit_stops_the_start(tmp_path: Path, text: str, row: str, remedy: str) -> None:
    with pytest.raises(StartupError) as error:
        load(tmp_path, text)
    message = str(error.value)
    assert row in message
    assert remedy in message
    assert "vocabulary" in message


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(StartupError, match=r"nowhere\.toml cannot be read: No such file.*SOCIOGRAPH_VOCABULARY"):
        Vocabulary.load(tmp_path / "nowhere.toml")


def load(folder: Path, text: str) -> Vocabulary:
    path = folder / "extra.toml"
    path.write_text(text, encoding="utf-8")
    return Vocabulary.load(path)
