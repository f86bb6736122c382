"""A new act is walked at random among all others, or it is named with the reason why not."""

from dossiers import registry
from tests.dossiers.critic.walk_verbs import NOT_BUILT, NOT_WALKED, VERBS, WALKED


def test_every_act_is_walked_or_named() -> None:
    acts = {act.name for act in registry.all_acts()}
    assert acts - WALKED.keys() - NOT_WALKED.keys() == set(), "walk it (walk_verbs.py) or say why"
    assert (WALKED.keys() | NOT_WALKED.keys()) - acts == set(), "there is no such act any more"
    assert not WALKED.keys() & NOT_WALKED.keys()
    assert set(WALKED.values()) - {"start"} <= VERBS.keys()


def test_what_is_not_built_has_no_way_of_being_done() -> None:
    for name in (name for name, why in NOT_WALKED.items() if why == NOT_BUILT):
        assert registry.get(name).page is None, name
