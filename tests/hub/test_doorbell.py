"""All who listen at the hub are told of news by one ring, and of its being alive by one beat."""

import asyncio
from concurrent.futures import Future

from workstation.hub.doorbell import Doorbell


def known(cursor: int) -> "Future[int]":
    told: Future[int] = Future()
    told.set_result(cursor)
    return told


async def heard_after_a_ring(bell: Doorbell, listeners: int) -> list[int | None]:
    waiting = [asyncio.ensure_future(anext(bell.rings())) for _ in range(listeners)]
    await asyncio.sleep(0)
    bell.ring()
    return await asyncio.gather(*waiting)


def test_one_question_a_ring_tells_every_listener_the_newest_cursor() -> None:
    asked: list[int] = []

    def newest() -> "Future[int]":
        asked.append(7)
        return known(7)

    assert asyncio.run(heard_after_a_ring(Doorbell(newest), 20)) == [7] * 20
    assert asked == [7]


def test_a_ring_that_brought_nothing_new_is_but_a_sign_of_life() -> None:
    assert asyncio.run(heard_after_a_ring(Doorbell(lambda: known(0)), 2)) == [None, None]


def test_a_listener_that_leaves_does_not_take_the_bell_from_the_others() -> None:
    async def one_leaves() -> int | None:
        bell = Doorbell(lambda: known(3))
        leaving, staying = (asyncio.ensure_future(anext(bell.rings())) for _ in range(2))
        await asyncio.sleep(0)
        leaving.cancel()
        await asyncio.sleep(0)
        bell.ring()
        return await staying

    assert asyncio.run(one_leaves()) == 3


def test_news_that_came_while_a_listener_was_busy_is_told_next() -> None:
    async def busy() -> list[int | None]:
        cursors = iter((4, 5))
        bell = Doorbell(lambda: known(next(cursors)))
        rings = bell.rings()
        first = asyncio.ensure_future(anext(rings))
        await asyncio.sleep(0)
        bell.ring()
        heard = [await first]
        bell.ring()
        return [*heard, await anext(rings)]

    assert asyncio.run(busy()) == [4, 5]


def test_closing_lets_every_listener_go() -> None:
    async def closed() -> list[int | None]:
        bell = Doorbell(lambda: known(1))
        listening = asyncio.ensure_future(_all(bell))
        await asyncio.sleep(0)
        bell.close()
        return await listening

    async def _all(bell: Doorbell) -> list[int | None]:
        return [end async for end in bell.rings() if end is not None]

    assert asyncio.run(closed()) == []
