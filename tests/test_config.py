"""The settings: what is taken, what is refused in a sentence that names it, and that no secret is ever shown."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

import config
from config import BadSetting, MailServer, ReplyServer, Settings
from tracker.doctor import names

KEY = "d1f0c5b2e79a4368ac7e21f49b805d63"
ENOUGH = {
    "TRACKER_BASE_URL": "https://hiring.example.org",
    "TRACKER_MAIL_FROM": "Recruiting <recruiting@example.org>",
    "TRACKER_MAIL_URL": "smtp://mail.example.org",
    "TRACKER_SECRET_KEY": KEY,
}


def load(**more: str) -> Settings:
    return config.load({**ENOUGH, **{f"TRACKER_{name}": value for name, value in more.items()}})


def refusal(**more: str) -> str:
    with pytest.raises(BadSetting) as refused:
        load(**more)
    return str(refused.value)


def test_four_settings_are_enough() -> None:
    settings = load()
    assert settings.base_url == "https://hiring.example.org"
    assert settings.trusted_hosts == ("hiring.example.org",)
    assert settings.data_dir == config.PROJECT / "var"
    assert settings.database_url == f"sqlite:///{config.PROJECT}/var/tracker.db"
    assert (settings.proxies, settings.max_upload_bytes, settings.inbox) == (0, 10_485_760, False)
    assert (settings.host, settings.port, settings.log) == ("127.0.0.1", 8000, "text")
    assert load(LOG="json").log == "json"


def test_all_that_is_missing_is_said_at_once() -> None:
    with pytest.raises(BadSetting) as refused:
        config.load({})
    assert {sentence.split()[0] for sentence in refused.value.sentences} == set(ENOUGH)


def test_an_empty_variable_counts_as_not_set() -> None:
    assert load(PORT="").port == 8000
    assert "TRACKER_SECRET_KEY is not set" in refusal(SECRET_KEY="")


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("sqlite:////srv/tracker.db", "sqlite:////srv/tracker.db"),
        ("postgresql://u:p%40@db/tracker", "postgresql+psycopg://u:p%40@db/tracker"),
        ("postgres://db:5433/tracker", "postgresql+psycopg://db:5433/tracker"),
        ("postgresql:///tracker?host=/run/postgresql", "postgresql+psycopg:///tracker?host=/run/postgresql"),
    ],
)
def test_database_urls(given: str, taken: str) -> None:
    assert load(DATABASE_URL=given).database_url == taken


def test_a_relative_sqlite_path_starts_where_the_command_was_given(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert load(DATABASE_URL="sqlite:///here.db").database_url == f"sqlite:///{tmp_path}/here.db"
    assert load(DATA_DIR="there").database_url == f"sqlite:///{tmp_path}/there/tracker.db"


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("smtp://mail.example.org", MailServer("mail.example.org", 25, "starttls")),
        ("smtp://me@mail.example.org", MailServer("mail.example.org", 587, "starttls", "me", "")),
        ("smtp://a%40b:p%23%2F@mail.example.org:26", MailServer("mail.example.org", 26, "starttls", "a@b", "p#/")),
        ("smtps://me:pw@mail.example.org", MailServer("mail.example.org", 465, "tls", "me", "pw")),
        ("smtp://mail.example.org?starttls=never", MailServer("mail.example.org", 25, "none")),
        ("smtp://localhost:2525", MailServer("localhost", 2525, "none")),
        ("smtp://localhost?starttls=required", MailServer("localhost", 25, "starttls")),
    ],
)
def test_mail_urls(given: str, taken: MailServer) -> None:
    assert load(MAIL_URL=given).mail == taken


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BASE_URL", "hiring.example.org"),
        ("BASE_URL", "https://hiring.example.org/tracker"),
        ("BASE_URL", "https://me@hiring.example.org"),
        ("BASE_URL", "http://[::1]:8000"),
        ("DATABASE_URL", "mysql://hunter2@db/tracker"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "postgresql://u:hunter2@db"),
        ("DATABASE_URL", "postgresql://u:hunter2@db:port/tracker"),
        ("HOST", "http://0.0.0.0"),
        ("INBOX", "perhaps"),
        ("LOG", "xml"),
        ("MAIL_FROM", "recruiting"),
        ("MAIL_FROM", "@example.org"),
        ("MAIL_FROM", "a@example.org, b@example.org"),
        ("MAIL_FROM", "Recruiting\r\nBcc: x@example.org <a@example.org>"),
        ("MAIL_URL", "mail.example.org:587"),
        ("MAIL_URL", "smtp://me:hunter2#@mail.example.org"),
        ("MAIL_URL", "smtp://me:hunter2/@mail.example.org"),
        ("MAIL_URL", "smtp://:hunter2@mail.example.org"),
        ("MAIL_URL", "smtp://me:hunter2@mail.example.org?tls=yes"),
        ("MAIL_URL", "smtps://me:hunter2@mail.example.org?starttls=never"),
        ("MAX_UPLOAD_MB", "0"),
        ("METRICS_TOKEN", "hunter2"),
        ("METRICS_TOKEN", "hunter2 hunter2 hunter2 hunter2"),
        ("PORT", "65536"),
        ("PORT", "²"),
        ("PROXIES", "-1"),
        ("SECRET_KEY", "hunter2"),
        ("TICK_SECONDS", "0.5"),
        ("TRUSTED_HOSTS", "a.example.org, b.example.org:80"),
    ],
)
def test_a_wrong_value_is_refused_in_one_sentence_that_names_it_and_shows_no_secret(name: str, value: str) -> None:
    sentence = refusal(**{name: value})
    assert sentence.startswith(f"TRACKER_{name} ")
    assert "\n" not in sentence
    assert "hunter2" not in sentence


def test_more_hosts_can_be_trusted() -> None:
    hosts = load(TRUSTED_HOSTS="Jobs.example.org, .example.com,hiring.example.org").trusted_hosts
    assert hosts == ("hiring.example.org", "jobs.example.org", ".example.com")


def test_each_setting_can_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(KEY[::-1] + "\n")
    environ = {name: value for name, value in ENOUGH.items() if name != "TRACKER_SECRET_KEY"}
    assert config.load({**environ, "TRACKER_SECRET_KEY_FILE": str(tmp_path / "key")}).secret_key == KEY[::-1]


def test_a_setting_given_twice_is_refused(tmp_path: Path) -> None:
    assert "TRACKER_SECRET_KEY and TRACKER_SECRET_KEY_FILE are both set" in refusal(SECRET_KEY_FILE=str(tmp_path))


@pytest.mark.parametrize("content", [None, b"\xff\xfe", b"\n"])
def test_a_file_that_gives_no_value_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "key"
    if content is not None:
        path.write_bytes(content)
    sentence = refusal(SECRET_KEY="", SECRET_KEY_FILE=str(path))
    assert sentence.startswith("TRACKER_SECRET_KEY is ")
    assert content == b"\n" or str(path) in sentence


def test_settings_do_not_show_their_secrets() -> None:
    token = "hunter4-hunter4-hunter4"
    secrets = {"MAIL_URL": "smtp://me:hunter2@mail", "DATABASE_URL": "postgresql://u:hunter3@db/x"}
    shown = repr(load(**secrets, METRICS_TOKEN=token))
    assert load(METRICS_TOKEN=token).metrics_token == token
    assert load(METRICS_TOKEN="").metrics_token is None
    assert "hunter" not in shown
    assert KEY not in shown


def test_the_password_of_the_first_admin(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("correct horse\n")
    assert config.admin_password({}) is None
    assert config.admin_password({"TRACKER_ADMIN_PASSWORD_FILE": str(tmp_path / "password")}) == "correct horse"


class Recorder(Mapping[str, str]):
    """An environment that notes what it is asked for."""

    def __init__(self) -> None:
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.asked.add(name)
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        raise AssertionError("settings are asked for by name")

    def __len__(self) -> int:
        return 0


def test_the_doctor_knows_every_name_that_is_read() -> None:
    recorder = Recorder()
    with pytest.raises(BadSetting):
        config.load(recorder)
    assert recorder.asked == {*names.NAMES, *(f"{name}_FILE" for name in names.NAMES)}


def test_a_misspelt_name_is_found() -> None:
    assert names.unknown({**ENOUGH, "TRACKER_MAIL_URL_FILE": "x", "PATH": "x"}) == []
    assert names.unknown({"TRACKER_MAILURL": "x"}) == [
        "TRACKER_MAILURL is not a setting of the tracker: is TRACKER_MAIL_URL meant?"
    ]


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        (
            "imaps://replies%40x.example:p%2F@mail.example.org/INBOX",
            ReplyServer("mail.example.org", 993, "tls", "replies@x.example", "p/", "INBOX"),
        ),
        ("imaps://r:p@mail.example.org", ReplyServer("mail.example.org", 993, "tls", "r", "p", "INBOX")),
        ("imap://r:p@mail/Answers%20in", ReplyServer("mail", 143, "starttls", "r", "p", "Answers in")),
        ("imap://r:p@localhost:1143/a/b", ReplyServer("localhost", 1143, "none", "r", "p", "a/b")),
        ("imap://r:p@mail?starttls=never", ReplyServer("mail", 143, "none", "r", "p", "INBOX")),
    ],
)
def test_where_replies_are_fetched(given: str, taken: ReplyServer) -> None:
    settings = load(REPLIES_URL=given, REPLY_ADDRESS="Replies@Example.org")
    assert (settings.replies, settings.reply_address) == (taken, "replies@example.org")
    assert "password" not in repr(settings)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"REPLIES_URL": "imaps://r:sesame@mail/INBOX"}, "set TRACKER_REPLY_ADDRESS"),
        ({"REPLIES_URL": "pop3://r:sesame@mail"}, "names no mailbox"),
        ({"REPLIES_URL": "imaps://mail/INBOX"}, "has no user and password"),
        ({"REPLIES_URL": "imaps://r:sesame@mail:x/"}, "is the port a number?"),
        ({"REPLIES_URL": "imaps://r:sesame@mail/Eing%C3%A4nge"}, "letters beyond ASCII"),
        ({"REPLIES_URL": "imaps://r:sesame@mail/?starttls=never"}, "encrypted from the start"),
        ({"REPLY_ADDRESS": "replies"}, "is not an address"),
        ({"REPLY_ADDRESS": f"{'r' * 33}@example.org"}, "at most 32"),
        ({"REPLY_ADDRESS": "a b@example.org"}, "is not an address"),
        ({"REPLY_ADDRESS": "replies@exa mple.org"}, "is not a host name"),
    ],
)
def test_replies_that_cannot_come_are_refused(given: dict[str, str], said: str) -> None:
    found = refusal(**given)
    assert said in found
    assert "sesame" not in found


def test_without_these_settings_no_replies_are_taken_in() -> None:
    assert (load().replies, load().reply_address) == (None, None)
