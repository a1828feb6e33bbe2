"""Numbers of persons as people give them away when they speak of an incident."""

PHONE, RESIDENT = "13812345678", "110101199003074477"
GIVEN_AWAY = (
    PHONE,
    "138 1234 5678",
    "１３８１２３４５６７８",
    "+86 138-1234-5678",
    RESIDENT,
    "沪A12345",
    "021-65431234",
)
