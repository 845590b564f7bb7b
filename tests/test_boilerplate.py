"""Boilerplate: what is left unscored, and the sentences that must never be."""

import time
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from slantwise import boilerplate_patterns as patterns
from slantwise.boilerplate import boilerplate
from slantwise.boilerplate_signs import Signs, may_fit, signs_of

BODY = "The storm reached the harbour on Monday.\n\nNobody was hurt, the fire service said."
NOTHING = Signs(frozenset(), frozenset())
LETTERS = st.characters(codec="latin-1", exclude_categories=("Cc",))


def unscored(text, title=""):
    return [text[start:end] for start, end in boilerplate(text, title)]


@pytest.mark.parametrize(
    "line",
    [
        # icon names
        "icon backicon homeicon play-bicon pauseicon chevron downicon fbicon mailicon twicon fm",
        # dates
        "4 Mar, 2021 08:15",
        "March 4, 2021",
        "Thursday, 4 March 2021",
        "Published: 04 Mar 2021 at 08:15 GMT",
        "Updated at 8:15 a.m. ET",
        "3 years ago",
        "5 min read",
        # credits
        "Photo: Harbour Wire",
        "image Photo: Reuters",
        "Photo by Ana Lind",
        "Photo credit: Ana Lind",
        "(Photo: Ana Lind, AFP/Getty Images)",
        "(Reuters photo: Ana Lind)",
        "(Ana Lind/Reuters)",
        "Ana Lind/AP",
        "Getty Images",
        "AP",
        "Credit: Ana Lind/Harbour Wire",
        "Image copyright Getty Images",
        "Enlarge this image toggle caption Ana Lind/AP Ana Lind/AP",
        # buttons, players, counts
        "Advertisement",
        "ADVERTISEMENT Continue reading the main story",
        "Story continues below",
        "Continue Reading Below",
        "SHARE THIS ARTICLE Share Tweet Post Email",
        "Link Copied",
        "Loading...",
        "CLOSE",
        "0 Comments",
        "1,204 shares",
        "Comments (12)",
        "Slideshow (4 images)",
        "Image 2 of 7",
        "Read or share this story: https://post.example/a",
        "JUST WATCHED Storm hits pier Replay More Videos ... MUST WATCH Storm hits pier 03:59",
        "Media playback is unsupported on your device",
        "Your browser does not support the video element.",
        "[pullquote]",
        # prompts
        "Sign up for our newsletter",
        "Sign up here for the Harbour Letter, delivered to your inbox every weekday.",
        "Storm news every morning, by mail. By signing up, you agree to the usual terms",
        "Subscribe now for as little as $1 a month!",
        "Follow us on Twitter",
        "Follow Ana Lind on Twitter: @analind",
        "Follow @tidewaterpost",
        "Like us on Facebook.",
        "CLICK HERE TO GET THE TIDEWATER APP",
        "Download the Tidewater app for alerts and weather",
        "Do your neighbours care? Share this story!",
        "Join the conversation",
        "Write to Ana Lind at ana.lind@post.example",
        "Send letters to letters@post.example.",
        "Listen and subscribe on Apple Podcasts, Spotify or wherever you are.",
        # teasers
        "Also on tidewater.example Harbour to be closed until Friday",
        "(Also on TIDEWATER: Harbour closed)",
        "READ MORE: Harbour to be closed until Friday",
        "Read more",
        "Read more:",
        "Related: Was the harbour ready?",
        "SEE ALSO: Mayor: We were ready",
        "More:Mayor says the harbour was ready",
        "( PHOTOS: The harbour after the storm)",
        "You might also like",
        "Related articles",
        # bylines and notes at the end
        "Article written by Ana Lind for Tidewater Post",
        "By Ana Lind and Per Holm, Tidewater Post",
        "Reporting by Ana Lind in Westport; Editing by Per Holm",
        "Contributing: Ana Lind and Per Holm",
        "Ana Lind contributed to this report.",
        "Per Holm in Westport contributed.",
        "The opinions expressed here do not necessarily represent the views of the Post.",
        # rights
        "© 2021 Tidewater Post",
        "Copyright © 2021 Tidewater Post, LLC. Click here for reprint permission.",
        "Copyright 2021 Tidewater Post. All rights reserved.",
    ],
)
def test_line_is_left_unscored(line):
    text = f"{BODY}\n\n{line}\n\n{BODY.replace('storm', 'wind').replace('Nobody', 'No one')}"
    assert unscored(text) == [line]


@pytest.mark.parametrize(
    "line",
    [
        "Read more than 500 pages, he said.",
        "Read more carefully, the report shows no such thing.",
        "Photo evidence shows the pier was gone by noon.",
        "Photo-op turns sour for the mayor",
        "Photo copyright case reaches the high court",
        "Video-sharing site bans all political ads",
        "Video of the storm shows the ferry breaking loose.",
        "Image matters more than facts to this mayor.",
        "Also on Monday, the mayor called the storm a test of character.",
        "Also on Tidewater.example he called the mayor a liar, and sales rose.",
        "More than 40 people took shelter in the school.",
        "(More than 40 people took shelter in the school.)",
        "More: that is all he ever wanted.",
        "Watch what he does on Twitter, not what he says.",
        "Like Facebook, Twitter has banned political advertising.",
        "Follow the money on Facebook and you find the mayor.",
        "Share of voters who trust the mayor fell to a third.",
        "Share this story with every sailor, the mayor told the crowd.",
        "Sign up for the new shelters closed on Friday.",
        "“Sign up for our newsletter,” he joked.",
        "Subscribe to his theory and you must believe in ghosts.",
        "Get the app banned, three senators demand",
        "Join us or drown, he told the crowd.",
        "Click fraud cost the harbour millions last year.",
        "Copyright law changed in 2019, to the joy of the platforms.",
        "Advertisement spending fell by half after the storm.",
        "Comments by the mayor drew fury in the harbour.",
        "No comment",
        "“Scroll up.”",
        "Close the harbour now",
        "Follow the mayor into the storm",
        "Story of the storm is told in a new book",
        "By the time the ferry sank, the mayor had left.",
        "By Monday the harbour was empty",
        "Reporting by journalists scores better with the public than that by officials.",
        "Reporting by the Post shows the mayor lied",
        "Report published by the UN shows 40 ships were lost",
        "Written by a committee, the plan failed.",
        "Poverty also contributed.",
        "The drought contributed to this disaster.",
        "The views expressed by voters reflect a deep anger at the mayor.",
        "Opinions expressed in the harbour are loud.",
        "This video does not support his claim.",
        "This story is based on interviews with 40 sailors.",
        "On March 4, 2021, the storm reached the harbour.",
        "In 2021 the harbour closed for the first time in years",
        "May it end soon",
        "Two years ago the harbour was full.",
        "Related stories of abuse emerged in the harbour towns.",
        "The press is not the enemy",
        "Iconic ships, iconic piers and an iconic lighthouse stand in an iconic harbour here.",
        "Thank God, the mayor said.",
        "Breaking the law is no news to the mayor",
        "She told reporters to write to mayor@harbour.example with their questions.",
    ],
)
def test_sentence_stays_scored(line):
    text = f"{BODY}\n\n{line}\n\n{BODY.replace('storm', 'wind').replace('Nobody', 'No one')}"
    assert unscored(text) == []
    assert unscored(line) == []


def test_name_of_the_site_at_the_top():
    assert unscored(f"Tidewater news\n\n{BODY}") == ["Tidewater news"]
    assert unscored(f"{BODY}\n\n{BODY}\n\nTidewater news\n\nMore of it.") == []
    assert unscored(f"Good news\n\n{BODY}") == []


def test_every_copy_of_the_title_is_unscored():
    title = "Storm hits the \u2018safe\u2019 harbour"
    copy = 'STORM hits the "safe" harbour '
    text = f"{copy}\n\n{title}\n\n{BODY}"
    assert unscored(text, title) == [copy.strip(), title]


def test_title_with_the_name_of_the_site():
    title = "Storm hits the harbour"
    assert unscored(f"{title} | Tidewater Post\n{BODY}", title) == [f"{title} | Tidewater Post"]
    longer = f"{title} - and nobody in the town hall saw it coming at all"
    assert unscored(f"{longer}\n{BODY}", title) == []


def test_title_inside_a_sentence_stays():
    assert (
        unscored("Storm hits the harbour again, and the town waits.", "Storm hits the harbour")
        == []
    )


def test_without_a_title_the_first_headline_stays():
    headline = "Storm hits the harbour: who is to blame?"
    text = f"{headline}\n\n{headline}\n\n{BODY}"
    assert boilerplate(text) == [(len(headline) + 2, 2 * len(headline) + 2)]


def test_repeated_sentence_stays():
    text = "\n".join(["We will rebuild the whole harbour."] * 3 + ["Right."] * 3)
    assert unscored(text) == []


def test_caption_keeps_its_sentence():
    line = "Image copyright Ana Lind Image caption The mayor stormed out of the hall"
    assert unscored(f"{BODY}\n{line}") == ["Image copyright Ana Lind Image caption"]


def test_list_of_other_stories_at_the_end():
    teasers = ["Mayor under fire after the storm", "Ferry line goes broke"]
    text = "\n\n".join([BODY, BODY.replace("storm", "wind"), "Most read", *teasers])
    assert unscored(text) == ["Most read", *teasers]


def test_headline_above_that_list():
    text = "\n\n".join([BODY, "Harbour in ruins after the storm", "You might also like"])
    assert unscored(text) == ["Harbour in ruins after the storm", "You might also like"]


def test_sentence_below_its_own_headline_stays():
    text = f"The storm reached the harbour on Monday\n\n{BODY}"
    assert unscored(text) == []


def test_report_goes_on_after_a_heading_like_that():
    text = "\n\n".join(["Trending now", "The storm goes on", BODY])
    assert unscored(text) == ["Trending now"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_kind(end):
    assert unscored(end.join(["Advertisement", "The storm.", "  Advertisement  "])) == [
        "Advertisement",
        "Advertisement",
    ]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "___", "***\n—"])
def test_nothing_in_nothing(text):
    assert boilerplate(text) == []


def test_article_that_is_all_boilerplate():
    assert unscored("Advertisement\nRead more\n© 2021 Post") == [
        "Advertisement",
        "Read more",
        "© 2021 Post",
    ]


PIECES = st.sampled_from(
    ["Advertisement", "Read more: ", "icon ", "Photo: ", "(", ")", "\n", "\r\n", " ", "Sign up ",
     "newsletter", "İ", "ß", "\u2028", "Image copyright ", "Image caption ", "You might also like",
     "The storm came.", "By Ana Lind", "4 Mar 2021", "@", "/", "Reuters", "contributed "]
)  # fmt: skip


@given(st.one_of(st.text(), st.lists(PIECES | st.characters()).map("".join)), st.text())
def test_ranges_are_sorted_disjoint_and_inside(text, title):
    ranges = boilerplate(text, title)
    assert all(0 <= start < end <= len(text) for start, end in ranges)
    assert all(first[1] <= second[0] for first, second in pairwise(ranges))
    for start, end in ranges:
        assert text[start:end] == text[start:end].strip()
        assert "\n" not in text[start:end]


@pytest.mark.parametrize(
    "unit",
    ["By A ", "sign up ", "a/", "Photo: ", "( ", "contributed ", "follow Ann ", "1,", "icon ",
     "@a.", "click here ", "video ", "copyright ", "\n", "Read more\n", "a b c d e\n",
     "share this ", "x"]
)  # fmt: skip
def test_time_grows_with_length(unit):
    text = unit * (2_000_000 // len(unit))
    lines = "\n".join([(unit.replace("\n", " ") * 600)[:590]] * 200)
    begun = time.process_time()
    boilerplate(text)
    boilerplate(lines)
    assert time.process_time() - begun < 8


@pytest.mark.parametrize("cue", patterns.CUES)
def test_a_cue_is_found_whatever_stands_around_it(cue: str) -> None:
    for text, held in ((cue, True), (f"“x{cue}é", True), (" ".join(cue), len(cue) == 1)):
        assert (0 in signs_of(text, [(0, len(text))]).cues) == held


def test_a_cue_is_found_in_every_line_that_holds_it_and_in_no_other() -> None:
    text = "İ sign here\nno more\n\nresign, then Sign"
    lines = [(0, 11), (12, 19), (21, len(text))]
    assert signs_of(text, lines).cues == {0, 2}


PATTERNS = {
    name: pattern
    for name in (
        *("CREDIT", "CAPTION_LABEL", "COPYRIGHT", "MARKUP", "COUNTS", "PLAYER", "STORY_NOTE"),
        *("PROMPT", "TEASER", "TAIL", "TAIL_NOTE", "CREDITED", "NAMES", "WIRE_SLUG"),
        *("COPYRIGHT_WITHIN", "PLAYER_WITHIN", "PROMPT_WITHIN", "TAIL_NOTE_WITHIN"),
    )
    for pattern in [getattr(patterns, name)]
}


@pytest.mark.parametrize("name", PATTERNS)
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_line_that_fits_a_pattern_has_a_sign_of_it(name: str, data: st.DataObject) -> None:
    rules = PATTERNS[name]
    choices = list(rules.values()) if isinstance(rules, dict) else [rules]
    pattern = data.draw(st.sampled_from(choices))
    drawn = data.draw(st.from_regex(pattern, fullmatch=True, alphabet=LETTERS))
    line = " ".join(drawn.split("\n")).strip()
    if name == "CAPTION_LABEL":
        line += " Boats in the harbour of the island."
    if line and len(line) <= patterns.LONGEST and pattern.match(line):
        lines = [(0, 0)] * patterns.TOP + [(0, len(line))]
        assert may_fit(line, patterns.TOP, signs_of(line, lines)), line


def test_the_first_lines_may_be_sections() -> None:
    assert may_fit("\N{EM DASH} Harbour politics \N{EM DASH} " * 2, 9, NOTHING) is False
    assert may_fit("Harbourside-politics, and-some-more Opinion", 1, NOTHING)
