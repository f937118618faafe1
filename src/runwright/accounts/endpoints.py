"""``/api/v1`` about accounts: one router of four parts."""

from __future__ import annotations

from fastapi import APIRouter

from runwright.accounts import endpoints_installation, endpoints_keys, endpoints_organization, endpoints_session

router = APIRouter(prefix="/api/v1")
router.include_router(endpoints_session.router)
router.include_router(endpoints_organization.router)
router.include_router(endpoints_keys.router)
router.include_router(endpoints_installation.router)
