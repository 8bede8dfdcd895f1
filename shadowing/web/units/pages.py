"""Units: a list, one unit, its settings, a pause, and the week as a sheet of paper."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from shadowing.adapters import plain_time, reference
from shadowing.domain.errors import NotFound, Refusal
from shadowing.domain.people import Role, initials
from shadowing.domain.policy import Action
from shadowing.domain.units import BookedInTheWay, PauseKind
from shadowing.services.availability import horizon
from shadowing.services.bookings import pausing
from shadowing.services.units import changing, looking
from shadowing.services.units.changing import Pause
from shadowing.store_free import Comer
from shadowing.web.session import actor, needs, now, today, work
from shadowing.web.typed import read_day
from shadowing.web.units.forms import KINDS, PauseForm, SettingsForm
