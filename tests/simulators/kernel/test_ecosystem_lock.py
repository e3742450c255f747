from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from simulators.kernel.ecosystem_lock import EcosystemLock

PATIENCE_S = 10


@pytest.fixture
def lock() -> EcosystemLock:
    return EcosystemLock()


def test_it_is_held_by_the_thread_that_took_it(lock: EcosystemLock) -> None:
    assert not lock.held()
    with lock, ThreadPoolExecutor(1) as others:
        assert lock.held()
        assert not others.submit(lock.held).result(PATIENCE_S)
    assert not lock.held()


def test_others_have_it_while_it_is_released(lock: EcosystemLock) -> None:
    taken, done = Event(), Event()

    def other() -> bool:
        with lock:
            taken.set()
            return done.wait(PATIENCE_S)

    with ThreadPoolExecutor(1) as others, lock:
        found = others.submit(other)
        assert not taken.is_set()
        with lock.released():
            assert not lock.held()
            assert taken.wait(PATIENCE_S)
            done.set()
        assert lock.held()
        assert found.result(PATIENCE_S)


def test_it_is_held_again_after_an_error(lock: EcosystemLock) -> None:
    with lock:
        with pytest.raises(OSError, match="no answer"), lock.released():
            raise OSError("no answer")
        assert lock.held()


def test_a_thread_that_does_not_hold_it_cannot_release_it(lock: EcosystemLock) -> None:
    def release() -> None:
        with lock.released():
            raise AssertionError

    with pytest.raises(RuntimeError, match="not held by this thread"):
        release()
    with lock, ThreadPoolExecutor(1) as others:
        assert isinstance(others.submit(release).exception(PATIENCE_S), RuntimeError)
        assert lock.held()
