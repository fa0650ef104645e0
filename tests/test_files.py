"""Files are there whole or not at all, and nothing outside the folder is touched."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from cdsplan.cli import files
from cdsplan.cli.files import is_plain, write_folder, write_whole

if TYPE_CHECKING:
    from pathlib import Path

posix = pytest.mark.skipif(os.name != "posix", reason="needs a POSIX file system")


def names(folder: Path) -> list[str]:
    """Name everything in a folder."""
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_written_and_says_so(tmp_path: Path) -> None:
    """The bytes arrive as they are, and nothing else stays behind."""
    assert write_whole(tmp_path / "a.ics", b"one\r\n")
    assert write_whole(tmp_path / "a.ics", b"two\r\n")

    assert (tmp_path / "a.ics").read_bytes() == b"two\r\n"
    assert names(tmp_path) == ["a.ics"]


def test_an_unchanged_file_is_not_touched(tmp_path: Path) -> None:
    """It keeps its inode and its times; a longer one that begins alike is another."""
    path = tmp_path / "a.ics"
    write_whole(path, b"same")
    os.utime(path, (1, 1))
    before = path.stat()

    assert not write_whole(path, b"same")

    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    path.write_bytes(b"same and more")
    assert write_whole(path, b"same")


@posix
def test_a_file_keeps_its_permissions_and_a_new_one_follows_the_umask(tmp_path: Path) -> None:
    """Those who could read it still can, and nobody else."""
    path = tmp_path / "a.ics"
    umask = os.umask(0o027)
    try:
        write_whole(path, b"one")
    finally:
        os.umask(umask)
    assert path.stat().st_mode & 0o777 == 0o640

    path.chmod(0o604)
    write_whole(path, b"two")
    assert path.stat().st_mode & 0o777 == 0o604


@posix
def test_a_symbolic_link_is_refused(tmp_path: Path) -> None:
    """Neither what it points to nor the link itself changes, even where it points to nothing."""
    target, link, dangling = tmp_path / "target", tmp_path / "link", tmp_path / "dangling"
    target.write_bytes(b"mine")
    link.symlink_to(target)
    dangling.symlink_to(tmp_path / "nowhere")

    for path in (link, dangling):
        with pytest.raises(OSError, match="it is a symbolic link, which is not followed") as caught:
            write_whole(path, b"yours")
        assert caught.value.filename == str(path)
        assert path.is_symlink()
    assert target.read_bytes() == b"mine"
    assert names(tmp_path) == ["dangling", "link", "target"]


def test_something_that_is_no_file_is_refused(tmp_path: Path) -> None:
    """A folder stays a folder."""
    (tmp_path / "a.ics").mkdir()

    with pytest.raises(OSError, match="something that is no file has this name"):
        write_whole(tmp_path / "a.ics", b"x")


@posix
def test_a_device_is_refused(tmp_path: Path) -> None:
    """A pipe is not replaced by a file."""
    os.mkfifo(tmp_path / "pipe")

    with pytest.raises(OSError, match="something that is no file has this name"):
        write_whole(tmp_path / "pipe", b"x")
    assert (tmp_path / "pipe").is_fifo()


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    """One file does not make folders; the error names the file, not the temporary one."""
    path = tmp_path / "nowhere" / "a.ics"

    with pytest.raises(FileNotFoundError) as caught:
        write_whole(path, b"x")
    assert caught.value.filename == str(path)


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_failure_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    """Whether the disk is full or the name cannot be taken."""
    path = tmp_path / "a.ics"
    path.write_bytes(b"old")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, call, fail)
    with pytest.raises(OSError, match="No space left on device") as caught:
        write_whole(path, b"new")

    assert caught.value.filename == str(path)
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["a.ics"]


@posix
def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    """The system itself refuses the second half of the bytes."""
    path = tmp_path / "a.ics"
    path.write_bytes(b"old")
    program = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from cdsplan.cli.files import write_whole\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "try:\n"
        "    write_whole(Path(sys.argv[1]), b'x' * 8192)\n"
        "except OSError as error:\n"
        "    print(error.filename)\n"
    )
    told = subprocess.run([sys.executable, "-B", "-c", program, path], check=True, capture_output=True, text=True)

    assert told.stdout == f"{path}\n"
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["a.ics"]


def test_an_interruption_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl+C in the middle."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_whole(tmp_path / "a.ics", b"new")
    assert names(tmp_path) == []


def test_a_file_that_may_not_be_read_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be compared counts as changed."""
    path = tmp_path / "a.ics"
    path.write_bytes(b"same")
    opened = os.open

    def refuse_reading(name: Path, flags: int, *mode: int) -> int:
        if name == path:
            raise PermissionError(13, "Permission denied")
        return opened(name, flags, *mode)

    monkeypatch.setattr(os, "open", refuse_reading)
    assert write_whole(path, b"same")


def test_a_system_without_directory_handles_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows cannot flush a folder; the file is there all the same."""
    monkeypatch.setattr(files, "DIRECTORY", None)

    assert write_whole(tmp_path / "a.ics", b"x")
    assert (tmp_path / "a.ics").read_bytes() == b"x"


def test_a_folder_is_made_and_only_changed_files_are_named(tmp_path: Path) -> None:
    """Other files stay."""
    folder = tmp_path / "new" / "feeds"
    assert write_folder(folder, {"a.ics": b"a", "b.ics": b"b"}) == ("a.ics", "b.ics")
    (folder / "mine.txt").write_bytes(b"mine")

    assert write_folder(folder, {"a.ics": b"a", "b.ics": b"B"}) == ("b.ics",)
    assert write_folder(folder, {"a.ics": b"a", "b.ics": b"B"}) == ()

    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        "a.ics": b"a",
        "b.ics": b"B",
        "mine.txt": b"mine",
    }


@pytest.mark.parametrize(
    "name",
    [
        "", ".", "..", "../x", "a/../b", "a//b", "a/", "a/.b",
        "/etc/passwd", "a\\b", "C:x", "a\0b", "a\nb", " a", "a ", "a.", ".a",
        "con", "CON.ics", "nul.tar.gz", "com1.ics", "LPT9", "con .ics", "a?.ics", "a*", '"a"', "<a>", "a|b",
    ],
)  # fmt: skip
def test_a_name_that_is_not_plain_is_refused_before_anything_is_written(tmp_path: Path, name: str) -> None:
    """It could lie outside the folder, or be a device on Windows."""
    with pytest.raises(ValueError, match="these cannot be the names of files"):
        write_folder(tmp_path / "feeds", {"good.ics": b"x", name: b"x"})
    assert names(tmp_path) == []


@pytest.mark.parametrize("name", ["all.ics", "so-tttt.ics", "con-cuong.ics", "com.ics", "Việc.html", "feeds.json"])
def test_plain_names_are_plain(name: str) -> None:
    """Names that only begin like a device's are none."""
    assert is_plain(name)


def test_names_that_differ_only_in_case_are_refused(tmp_path: Path) -> None:
    """On some systems the second would overwrite the first."""
    with pytest.raises(ValueError, match="these cannot be the names of files"):
        write_folder(tmp_path, {"a.ics": b"x", "A.ics": b"y"})


def test_a_reader_never_sees_half_a_file(tmp_path: Path) -> None:
    """A file that is open while it is replaced stays whole."""
    path = tmp_path / "a.ics"
    write_whole(path, b"old" * 1000)
    with path.open("rb") as reader:
        assert reader.read(3) == b"old"
        write_whole(path, b"new" * 1000)
        assert reader.read() == b"old" * 999


def tree(folder: Path) -> list[str]:
    """Name everything in a folder and below."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_a_folder_is_written_with_its_subfolders(tmp_path: Path) -> None:
    """Names of what changed come back; each file counts once as it is written."""
    count: list[int] = []
    files = {"a.ics": b"1", "s/one/b.ics": b"2", "s/two/b.ics": b"2"}

    assert write_folder(tmp_path / "site", files, wrote=lambda: count.append(1)) == tuple(files)
    assert tree(tmp_path / "site") == ["a.ics", "s", "s/one", "s/one/b.ics", "s/two", "s/two/b.ics"]
    assert len(count) == 3
    assert write_folder(tmp_path / "site", files | {"s/two/b.ics": b"3"}) == ("s/two/b.ics",)


def test_former_files_that_are_not_written_again_are_removed(tmp_path: Path) -> None:
    """Secret paths that nobody shall find any more; what is written again stays, and so does all else."""
    site = tmp_path / "site"
    write_folder(site, {"s/old/a.ics": b"1", "s/old/notes.txt": b"1", "s/kept/a.ics": b"1", "old.ics": b"1"})
    former = ["s/old/a.ics", "s/kept/a.ics", "s/old/gone.ics"]

    assert write_folder(site, {"s/new/a.ics": b"1", "s/kept/a.ics": b"1"}, former=former) == ("s/new/a.ics",)

    assert tree(site) == [
        "old.ics", "s", "s/kept", "s/kept/a.ics", "s/new", "s/new/a.ics", "s/old", "s/old/notes.txt",
    ]  # fmt: skip


@posix
def test_a_symbolic_link_is_no_subfolder(tmp_path: Path) -> None:
    """Nothing is written through it, and removing it leaves what it points to."""
    outside, site = tmp_path / "outside", tmp_path / "site"
    outside.mkdir()
    (outside / "mine").touch()
    site.mkdir()
    (site / "s").symlink_to(outside)

    with pytest.raises(OSError, match="it is a symbolic link, which is not followed") as caught:
        write_folder(site, {"a.ics": b"1", "s/b.ics": b"2"})
    assert caught.value.filename == str(site / "s")
    assert tree(site) == ["s"]

    (site / "s").unlink()
    (site / "s").mkdir()
    (site / "s" / "link").symlink_to(outside)
    write_folder(site, {"a.ics": b"1"}, former=["s/link"])
    assert tree(site) == ["a.ics", "s"]
    assert tree(outside) == ["mine"]


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_failure_on_the_way_changes_no_file_of_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    """The disk is full at the second file, or the first cannot take its name: all stay as they were."""
    write_folder(tmp_path, {"a.ics": b"old", "b.ics": b"old"})
    left = [2 if call == "fsync" else 1]
    real = getattr(os, call)

    def fail(*arguments: object, **named: object) -> object:
        left[0] -= 1
        if not left[0]:
            raise OSError(28, "No space left on device")
        return real(*arguments, **named)

    monkeypatch.setattr(os, call, fail)
    with pytest.raises(OSError, match="No space left") as caught:
        write_folder(tmp_path, {"a.ics": b"new", "b.ics": b"new"})
    monkeypatch.undo()

    assert caught.value.filename == str(tmp_path / ("b.ics" if call == "fsync" else "a.ics"))
    assert names(tmp_path) == ["a.ics", "b.ics"]
    assert (tmp_path / "a.ics").read_bytes() == (tmp_path / "b.ics").read_bytes() == b"old"


def test_what_replaces_a_file_is_dated_later_by_a_second(tmp_path: Path) -> None:
    """Web servers tell versions apart by the second; what stays keeps its date."""
    path = tmp_path / "a.ics"
    write_whole(path, b"one")
    dates = [int(path.stat().st_mtime)]
    for data in (b"two", b"two", b"six", b"ten"):
        write_whole(path, data)
        dates.append(int(path.stat().st_mtime))

    first, second, same, third, fourth = dates
    assert first < second == same < third < fourth
