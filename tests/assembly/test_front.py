"""How a front is put together from the settings."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from jialiang.assembly.front import BadServerSetting, control_plane_address, front, reader, trusted_proxies
from jialiang.assembly.run_files import LONGEST_SOCKET_PATH, control_socket, prepare
from jialiang.integration.resolver.front import Front
from jialiang.integration.resolver.postgres_reader import PostgresReader
from jialiang.integration.resolver.sqlite_reader import SqliteReader
from jialiang.kernel.settings import Settings


def test_the_front_never_imports_django_nor_numpy() -> None:
    code = (
        "import sys, jialiang.assembly.front as f; from jialiang.kernel.settings import Settings; f.front(Settings());"
        "print(sorted({m.partition('.')[0] for m in sys.modules} & {'django', 'numpy', 'lxml', 'psycopg'}))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout == "[]\n"


def test_the_database_decides_the_reader(tmp_path: Path) -> None:
    assert isinstance(reader(Settings(data_dir=tmp_path)), SqliteReader)
    assert isinstance(reader(Settings(database_url="postgresql://jl@db/jl")), PostgresReader)


def test_a_front_is_made_without_touching_the_database(tmp_path: Path) -> None:
    assert isinstance(front(Settings(data_dir=tmp_path / "nothing")), Front)
    assert not (tmp_path / "nothing").exists()


def test_a_proxy_that_is_no_address_is_refused_by_name() -> None:
    with pytest.raises(BadServerSetting) as refused:
        trusted_proxies(Settings(trusted_proxies=("proxy.example",)))
    assert "JIALIANG_TRUSTED_PROXIES" in refused.value.what.en
    assert "proxy.example" in refused.value.what.zh


@pytest.mark.parametrize("address", ["https://main:8000", "main:8000", "ftp://main"])
def test_a_control_plane_must_be_reached_by_http_inside_the_house(address: str) -> None:
    with pytest.raises(BadServerSetting):
        control_plane_address(Settings(control_plane=address))


def test_the_control_plane_is_the_socket_of_the_data_folder_unless_set(tmp_path: Path) -> None:
    assert control_plane_address(Settings(data_dir=tmp_path)) == f"unix:{tmp_path}/run/control-plane.sock"
    assert control_plane_address(Settings(control_plane="http://10.0.0.1:8000")) == "http://10.0.0.1:8000"


def test_a_data_folder_too_deep_for_a_socket_gets_one_below_tmp(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 60) / ("y" * 60)
    socket = control_socket(Settings(data_dir=deep))
    assert len(str(socket)) <= LONGEST_SOCKET_PATH
    assert socket == control_socket(Settings(data_dir=deep))
    assert socket != control_socket(Settings(data_dir=deep / "other"))


def test_the_sockets_folder_is_for_this_user_alone_and_clean(tmp_path: Path) -> None:
    socket = tmp_path / "run" / "s.sock"
    prepare(socket)
    socket.touch()
    prepare(socket)
    assert not socket.exists()
    assert socket.parent.stat().st_mode & 0o777 == 0o700
