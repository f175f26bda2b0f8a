"""What to do, by the built-in entries; of mentions in few words, for a table."""

ACTIONS = {
    "spike": "Read what they share, answer in public while they are still there, and tell the"
    " team that can mend the cause.",
    "response.overdue": "Answer now, most urgent first; say sorry for the wait.",
    "response.escalated": "Answer, or find somebody who does; most urgent first.",
    "response.due_soon": "Answer before the promise runs out, most urgent first.",
    "rating_drop": "Read the low ones: what do they share, a version, a shop, a day? Once the"
    " cause is mended, answer them: some people change their stars.",
    "severe.threat": "Read it now. Where somebody may be in danger, call the emergency services"
    " or a helpline of their country; answer with care, and keep the post. Tell security.",
    "severe.safety": "Answer now, ask how they are, and take it to a private channel. Tell"
    " product safety, and stop what may be dangerous; promise nothing in public.",
    "severe.legal": "Tell the legal team before anybody answers. Keep the post as it is.",
    "severe.press": "Hand it to whoever speaks to the press, with the time it was asked.",
    "severe.words": "Read it, and hand it to the team that can act on it.",
    "severe.reach": "Answer in public soon, and well: many read along. Tell communications.",
    "influencer.rival": "Read what they like about it: your customers may ask you for the same."
    " Nobody waits for an answer of yours.",
    "influencer.praise": "Thank them in public, by name, and open a conversation: ask what made"
    " it good. Ask before you quote them.",
    "influencer.criticism": "Answer soon, and personally: by somebody who may decide the matter,"
    " with a name and what is done about it. Then go on in private; do not argue with those who"
    " follow.",
    "competitor.opening": "Read what they complain about, and learn what to avoid. Answer those"
    " who ask for an alternative; do not gloat.",
    "competitor.warning": "Find out whether what troubles them can trouble you: a supplier, a"
    " rule, an outage that you share. Have an answer ready before you are asked.",
    "flood": "Read the texts before anybody answers. One answer in public is enough, if any;"
    " accounts that are no people can be reported to the service. Spikes count each text once.",
    "creeping": "Compare what is said now with what was said then: a product, a price or a"
    " partner may have changed. It is no emergency; take it to whoever owns the cause.",
    "floor": "This is a bound of yours, [[rules.floor.bounds]]: it says nothing of what is usual."
    " Read what they share, or set it higher.",
    "churn": "Warn customer success with the reason; answer in person",
    "billing": "Explain the charge before they call",
    "reach": "Thank them by name, and open a conversation",
    "promoter": "Thank them, and talk: what made it good?",
    "defect": "Ask for version and steps; tie it to an issue",
    "feature": "Thank for the wish; note it for the product team",
    "purchase": "Answer what they need to decide",
    "rival": "Read it, and learn what to avoid",
    "critic": "Win them back: answer in person, by name",
    "review": "Answer the review within the week",
    "question": "Answer, and put the answer where they looked",
    "complaint": "Say sorry, help, and mend the cause",
    "mention": "Read it; answer if it asks for one",
}  # fmt: skip
MEANINGS = {
    "churn": "a customer may leave",
    "billing": "a charge is not understood",
    "reach": "many hear this praise",
    "promoter": "a promoter",
    "defect": "something is broken",
    "feature": "something is missing",
    "purchase": "somebody wants to buy",
    "rival": "a competitor is in trouble",
    "critic": "a critic, not for the first time",
    "review": "others read it before they buy",
    "question": "information is missing, or hard to find",
    "complaint": "an expectation was not met",
    "mention": "",
}
