"""What a process starts with: the given environment before .env, and what is left empty as if it
were not there.
"""

import os
from pathlib import Path

import pytest

from onestop import environment


def test_given_variables_win_and_empty_ones_do_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SECRET_KEY", "given")
    for name in ("LOOKUP_KEY", "PUBLIC_URL", "IDLE_MINUTES"):
        monkeypatch.setenv(name, "x")
        monkeypatch.delenv(name)
    (tmp_path / ".env").write_text("SECRET_KEY=file\nLOOKUP_KEY=\nPUBLIC_URL=\nIDLE_MINUTES=7\n")
    environment.load(tmp_path)
    assert os.environ["SECRET_KEY"] == "given"
    assert os.environ["IDLE_MINUTES"] == "7"
    assert "LOOKUP_KEY" not in os.environ
    assert "PUBLIC_URL" not in os.environ


def test_a_machine_without_dot_env_is_fine(tmp_path: Path):
    environment.load(tmp_path)


def test_gunicorn_writes_no_access_log_and_masks_its_own_words():
    from onestop import gunicorn_conf

    assert gunicorn_conf.accesslog is None
    assert gunicorn_conf.logconfig_dict["loggers"]["gunicorn.error"]["handlers"] == ["lines"]


def test_a_time_of_the_day_is_four_digits() -> None:
    assert environment.clock("07:05") == "07:05"
    for text in ("7h", "7:05", "T0705", "07+00", "24:00", ""):
        with pytest.raises(ValueError, match=r"\S"):
            environment.clock(text)


def test_no_setting_lets_citizens_in_by_what_anybody_can_make() -> None:
    assert environment.public_key_algorithms(["ES256"]) == ["ES256"]
    for names in (["RS256", "none"], ["HS256"], []):
        with pytest.raises(ValueError, match="CITIZEN_OIDC_ALGORITHMS"):
            environment.public_key_algorithms(names)
    assert environment.assurance(3) == 3
    with pytest.raises(ValueError, match="CITIZEN_OIDC_LEVEL_MIN"):
        environment.assurance(1)
