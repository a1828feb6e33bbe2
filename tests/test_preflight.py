"""A machine without Qt's libraries is told what to install, or has it installed, before Qt is imported."""

from workstation import preflight
from workstation.preflight import Machine


def machine(
    *, libraries: bool = True, fonts: bool = True, root: bool = False, linux: bool = True, ran: list[str] | None = None
):
    commands = ran if ran is not None else []
    return Machine(
        loads=lambda library: libraries or library != "libEGL.so.1",
        finds=lambda program: program != "mosquitto" or libraries,
        says=lambda command: "yes" if "python3" in command[0] else "",
        runs=lambda command: commands.append(" ".join(command)) is None,
        has_font=lambda words: fonts,
        is_root=root,
        is_linux=linux,
    )


def test_a_machine_without_egl_and_fonts_names_their_packages():
    assert preflight.missing_for_desk(machine(libraries=False, fonts=False)) == ["libegl1", "fonts-wqy-zenhei"]


def test_a_windows_desk_has_nothing_to_install():
    bare = machine(libraries=False, fonts=False, linux=False)
    assert preflight.missing_for_desk(bare) == preflight.missing_for_tests(bare) == []


def test_root_has_the_packages_installed():
    ran: list[str] = []
    assert preflight.provide(["libegl1"], machine(root=True, ran=ran)) is None
    assert ran[-1].endswith("--no-install-recommends libegl1")


def test_anybody_else_is_given_the_exact_line():
    line = preflight.provide(["libegl1", "mosquitto"], machine())
    assert line == "sudo apt-get update && sudo apt-get install -y --no-install-recommends libegl1 mosquitto"


def test_a_library_under_its_newer_name_is_asked_for_by_that_name():
    ran: list[str] = []
    newer = machine(root=True, ran=ran)
    newer = Machine(**{**{f: getattr(newer, f) for f in Machine.__slots__}, "says": lambda command: "Package: x"})
    preflight.provide(["libasound2"], newer)
    assert ran[-1].endswith("libasound2t64")


def test_the_tests_servers_are_found_missing():
    assert preflight.missing_for_tests(machine(libraries=False)) == ["mosquitto"]
