"""The area of the administrators: one address, one family of screens, no case."""

from flask import Blueprint

blueprint = Blueprint("admin", __name__, url_prefix="/administration")
ROLES = ("admin_fonctionnel", "admin_technique")
