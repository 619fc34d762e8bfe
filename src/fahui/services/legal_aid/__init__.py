"""Legal aid 法律援助: applications, notified defence and duty-lawyer help. Law: 法律援助法 (in force 2022-01-01)."""
