"""The installation's own file: what it may say, and how a mistake in it is named."""

import pytest

from workstation.config import Settings, read_settings
from workstation.domain.errors import ContentError


def test_without_a_file_an_installation_is_the_demo_city_in_chinese():
    assert read_settings(None) == Settings(city="linjiang", language="zh")


def test_feeds_and_brokers_are_read(tmp_path):
    file = tmp_path / "city.toml"
    file.write_text(
        'city = "linjiang"\nlanguage = "en"\n[[feeds]]\nname = "cap"\nurl = "https://weather.example/a.atom"\n'
        'seconds = 30\n[[mqtt]]\nurl = "mqtt://broker.example:1883"\n'
    )
    settings = read_settings(file)
    assert [(one.name, one.url, one.seconds) for one in settings.feeds] == [
        ("cap", "https://weather.example/a.atom", 30)
    ]
    assert [one.url for one in settings.mqtt] == ["mqtt://broker.example:1883"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('language = "fr"', "language"),
        ('[[feeds]]\nname = "cap"\nurl = "file:///etc/passwd"', "feeds.0.url"),
        ('[[feeds]]\nname = "Cap!"\nurl = "https://a.example"', "feeds.0.name"),
        ('[[feeds]]\nname = "cap"\nurl = "https://a.example"\nseconds = 0', "feeds.0.seconds"),
        ('[[mqtt]]\nurl = "amqp://a"', "mqtt.0.url"),
        ("colour = 1", "colour"),
    ],
)
def test_a_mistake_is_named_with_file_and_field(tmp_path, text, place):
    file = tmp_path / "city.toml"
    file.write_text(text)
    with pytest.raises(ContentError) as caught:
        read_settings(file)
    assert str(file) in str(caught.value)
    assert place in str(caught.value)


def test_a_file_that_is_absent_or_no_toml_is_named(tmp_path):
    with pytest.raises(ContentError, match="absent"):
        read_settings(tmp_path / "absent.toml")
    (tmp_path / "odd.toml").write_bytes(b"\xff\xfe = [")
    with pytest.raises(ContentError, match="odd"):
        read_settings(tmp_path / "odd.toml")
