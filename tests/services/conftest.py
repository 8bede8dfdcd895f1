"""A visit that was talked about, with and without a promise."""

import pytest

from tests.makers import Ward
from tests.visits import Visit


@pytest.fixture
def visit(work):
    visit = Visit(Ward(work))
    visit.happen()
    return visit


@pytest.fixture
def promised(visit):
    visit.talk()
    (made,) = visit.promise()
    return visit, made.id
