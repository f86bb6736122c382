"""The sentences of refusals about telling people that their result is ready."""

from onestop.errors import SENTENCES

SENTENCES.update(
    {
        "told_to_missing": "Hãy ghi người được báo.",
        "not_reached_why": "Chưa báo được thì hãy ghi vì sao, ví dụ: không nghe máy, số sai.",
    }
)
