"""Settings come from the environment, and what cannot work says so."""

import stat

import pytest

from app.config import BadConfig, Config


def read(tmp_path, **given) -> Config:
    return Config.from_environment({"JATIGI_DATA": str(tmp_path / "data"), **given})


def test_without_anything_all_is_embedded_in_the_data_folder(tmp_path):
    config = read(tmp_path)
    assert config.database_url == f"sqlite:///{tmp_path}/data/jatigi.db"
    assert config.redis_url == f"unix://{tmp_path}/data/store.sock"
    assert config.public_url == "http://127.0.0.1:8000"


def test_the_secret_is_made_once_kept_and_nobody_elses(tmp_path):
    config = read(tmp_path)
    kept = tmp_path / "data" / "secret_key"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert len(config.secret_key) >= 48
    assert read(tmp_path).secret_key == config.secret_key
    assert read(tmp_path, SECRET_KEY="given").secret_key == "given"


def test_an_emptied_secret_is_refused(tmp_path):
    read(tmp_path)
    (tmp_path / "data" / "secret_key").write_text("")
    with pytest.raises(BadConfig, match="effacez"):
        read(tmp_path)


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgres://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgresql://h/d", "postgresql+psycopg://h/d"),
        ("postgresql+psycopg://h/d", "postgresql+psycopg://h/d"),
        ("sqlite:////srv/j.db", "sqlite:////srv/j.db"),
    ],
)
def test_database_addresses_of_all_spellings(tmp_path, given, used):
    assert read(tmp_path, DATABASE_URL=given).database_url == used


@pytest.mark.parametrize(
    "wrong", [{"PORT": "80a"}, {"PORT": "70000"}, {"JATIGI_PROXIES": "-1"}, {"DATABASE_URL": "mysql://h/d"}, {"DATABASE_URL": "jatigi.db"}]
)
def test_what_cannot_work_is_refused_with_its_name(tmp_path, wrong):
    with pytest.raises(BadConfig, match=next(iter(wrong))):
        read(tmp_path, **wrong)


def test_cookies_are_for_https_where_people_use_it(tmp_path):
    assert read(tmp_path).flask()["SESSION_COOKIE_SECURE"] is False
    assert read(tmp_path, JATIGI_URL="https://jatigi.example.ml/").flask()["SESSION_COOKIE_SECURE"] is True
