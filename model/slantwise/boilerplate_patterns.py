"""How prompts, teasers, credits and dates are built: patterns and word lists, as data.

Each describes a construction, never the words of one site. No pattern nests one
open-ended repetition in another, so that none can take more than a line's length
squared; :mod:`slantwise.boilerplate` gives them lines of bounded length.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

LONGEST = 600  # characters of a line that a pattern is tried on; longer ones are paragraphs
LONGEST_HEADLINE = 250
SHORT = 100  # a longer line is examined only if it holds one of the cues below
WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)?")
SAYING = re.compile(
    r"\b(?:sa(?:id|ys|ying)|told|tells|according|add(?:ed|s)|wr(?:ote|ites)|reported|announced"
    r"|argued|claimed|warned|explained)\b",
    re.I,
)
STOPS = frozenset(".!?…")  # one of these ends a sentence, and then
CLOSING = "\"'”\u2019)]"  # any of these may follow


def _pattern(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{each})" for each in alternatives), re.I)


def _within(alternatives: Mapping[str, str]) -> Mapping[str, re.Pattern[str]]:
    """Compile patterns that may begin anywhere, by a phrase that whatever fits them has.

    The search for a beginning takes long: most lines are spared it by a look for the phrase.
    """
    return {phrase: _pattern(each) for phrase, each in alternatives.items()}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Cheap to look for, and without them none of the patterns below fits a longer line.
CUES = (
    *"""© @ alert browser caption click conversation copyright contributed credit expressed
    facebook http inbox instagram javascript itunes mailing newsletter notification podcast
    recaptcha replay reprint reserved sign spotify stitcher subscri thank twitter""".split(),
    *("share this", "share our", "originally", "first published", "first appeared", "wire "),
)
# What the patterns below begin with or hold: without one of these no line fits any of them.
# A few words in the first lines may be a section, a brief line an agency's name.
TOP = 3  # lines
FEW = 3  # words
BRIEF = 24  # characters
BEGINNINGS = frozenset(
    """add additional advertisement afp agence also anadolu ap around article associated
    authored bloomberg by c catch click comment comments compiled contact continue contributing
    copyright credit credits don donate download dpa e editing efe email enlarge epa file find
    flickr follow for from full further gallery get getty go got graphic graphics handout have
    hide if illustration illustrations image images istock istockphoto javascript join just k
    keep latest leave let letter letters like likes listen log m media message more most must
    never newsletter newsletters next now opinion opinions other paid photo photograph
    photographs photos pic pics picture pictures pixabay play please popular post posted prev
    produced published question questions reach reaction reactions read receive recommended
    register related report reported reporting reuters screengrab screenshot see send share
    shares show shutterstock sign slide slideshow special sponsored start stay stock story
    submit subscribe support tass text thank thanks this tip tips toggle top trending tweet
    unsplash up upi urgent usa video videos view views visit vote votes want watch what
    wikimedia write writing written xinhua you your youtube""".split()
)
GLUED = "advertisement"  # other words follow it without a space
PHRASES = (
    *("all rights reserved", "reprint permission", "protected by recaptcha", "sign up"),
    *("subscribe", "your inbox", "you agree", "click here", "register here", "contributed"),
    *("share this", "share the", "share our", "expressed", "wire", "in pictures"),
    *("in case you missed", "/", "|", "©"),
)
_OPENINGS = tuple(
    """( [ additional also article authored by catch click compiled contact contributing credit
    don\u2019t don't download editing email e-mail enlarge file follow for full further gallery get
    go graphic hide if illustration image in join keep latest let like listen media more must now
    photo picture post posted produced published read reported reporting related report see send
    share show slideshow special stay story subscribe support text this toggle update urgent
    video visit vote want watch with write writing written you""".split()
)
LONGEST_OPENING = max(map(len, _OPENINGS))
OPENINGS = {  # by their first character
    first: tuple(opening for opening in _OPENINGS if opening[0] == first)
    for first in {opening[0] for opening in _OPENINGS}
}

# The words of buttons and players. A line made of nothing else, with one that no
# heading would have alone, is one.
BUTTONS = _words(
    """ad ads advertisement advertisements advertising article below by caption click clicked
    close comment comments conversation continue continued continues copied copy download
    email enlarge expand facebook follow full gallery hide image images in join leave like
    link linkedin listen load loaded loading main menu messenger minimize more most mute next
    now of on options originally page photo photos pinterest play player playing please
    popular post prev previous print privacy promoted read reading reddit related replay
    report reprints save screen scroll search send share shares show sign sponsored stories
    story subscribe telegram text the this to toggle top transcript trending tweet twitter up
    us video videos view viewed wait watch watched whatsapp with your"""
)
BUTTONS_ALONE = _words(
    """ad ads advertisement advertisements advertising below caption close comment comments
    conversation copied download email enlarge facebook follow gallery image images linkedin
    listen loading menu messenger mute next options photo photos pinterest player popular prev
    previous print privacy promoted reddit replay reprints scroll share shares sponsored
    subscribe telegram toggle trending tweet twitter video videos watched whatsapp"""
)
_MONTHS = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
DATE_WORD = re.compile(
    rf"(?:{_MONTHS}|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{{0,6}}|at|on|am|pm|a|p|m|noon|midnight"
    r"|[ecmp][sd]?t|gmt|utc|bst|cet|ist|published|updated|posted|modified|last|first|created"
    r"|date|time|issued|hours?|hrs?|minutes?|mins?|days?|weeks?|months?|years?|ago|read|yesterday"
    r"|today|\d{1,4}(?:st|nd|rd|th|am|pm|h|z|t\d\d)?)",
    re.I,
)
DATE_CORE = re.compile(
    rf"\b(?:19|20)\d\d\b|\b\d{{1,2}}:\d\d\b|\bago\b|\bmin(?:ute)?s? read\b|\b{_MONTHS}\.? \d|"
    rf"\b\d{{1,2}} {_MONTHS}\b",
    re.I,
)

_AGENCY = (
    r"(?:reuters|a\.?p\.?|afp|getty(?: images)?|the associated press|associated press|upi|epa"
    r"|efe|dpa|xinhua|tass|anadolu|agence france[- ]presse|bloomberg|usa today|pixabay|unsplash"
    r"|shutterstock|istock|istockphoto|wikimedia(?: commons)?|flickr|screenshot|screengrab"
    r"|handout|file|youtube)"
)
_PICTURE = r"(?:photo|photograph|picture|image|pic|illustration|graphic|video)s?"
CREDIT = _pattern(
    # "Photo: Reuters", "image Photo: A. Name/Reuters", "Picture credit: Name", "Photo by Name"
    rf"\W*(?:(?:file|image|stock) )?{_PICTURE}(?: credit| courtesy| source)?"
    r"(?: ?[:©]| [\u2013—-]) ?\S.*",
    rf"\W*{_PICTURE} (?:credit|copyright|courtesy of|via|by) ?:? ?(?-i:[A-Z©]).*",
    r"\W*(?:photo |image |picture )?credits?: ?\S.*",
    # "(Reuters photo: Name)", "(Name/AP)"
    rf"[(\[][^()\[\]]{{0,60}}\b{_PICTURE}\b ?(?:by|:|courtesy)[^()\[\]]{{0,80}}[)\]]",
    rf"[(\[](?:[^()\[\]/]{{1,60}} ?[/|,] ?)?{_AGENCY}(?: ?/ ?{_AGENCY})?[)\]]",
    rf"(?:[^\s/.]+ ){{1,3}}[^\s/.]+ ?/ ?{_AGENCY}",
    rf"{_AGENCY}(?: ?[/|] ?{_AGENCY})*",
)
CAPTION_LABEL = _pattern(  # what stands before the words of a caption, in one line with it
    r"enlarge this image(?: toggle caption)?",
    r"(?:toggle|hide|show) caption",
    r"image copyright \S.{0,60}? image caption",
    r"media playback is (?:unsupported|not supported) on (?:your|this) device(?: media caption)?",
    r"(?:image|media|video) caption",
)
CREDIT_ONLY = re.compile(rf"(?:[^\s.!?]+\s){{0,12}}(?:[^\s.!?/]{{1,40}}/ ?)?{_AGENCY}", re.I)

COPYRIGHT = _pattern(
    r"\W*©.*",
    r"\W*\(c\) ?(?:copyright )?(?:19|20)\d\d.*",
    r"\W*copyright ?(?:©|\(c\)|(?:19|20)\d\d).*",
)
COPYRIGHT_WITHIN = _within(
    {
        "all rights reserved": r".*\ball rights reserved\W*(?:this material may not be .*)?",
        "reprint permission": r".*\bclick here for reprint permission\W*",
    }
)
MARKUP = _pattern(r"\[/?[a-z]+(?:[ _-][a-z]+)?\]", r"<!?[-\u2013—/a-z]*>?", r"//[-\u2013—]*>")
COUNTS = _pattern(
    r"[\d,.]+[km]? (?:comments?|shares?|views?|likes?|retweets?|replies|reactions?|votes?)",
    r"(?:comments?|shares?|views?|likes?) ?[(:]? ?[\d,.]+[km]?\)?",
    r"(?:prev |next )?(?:image|photo|slide) \d+ (?:of|/) \d+",
    r"slideshow \(\d+ images?\)",
    r"(?:play|watch|listen to)(?: this)?(?: video| article| audio)? \d{1,2}:\d\d\b.*",
)
PLAYER = _pattern(
    r"(?:just |now )watch(?:ed|ing)\b.*\breplay\b.*",
    r"your browser (?:does not|doesn['\u2019]t) support\b.*",
    r"this (?:video|content|feature) (?:is not|isn['\u2019]t|is no longer)"
    r" (?:available|supported)\b.*",
    r"(?:please (?:enable|turn on|update) )?javascript (?:is (?:required|disabled)|must be)\b.*",
)
PLAYER_WITHIN = _within({"protected by recaptcha": r".*\bprotected by recaptcha\b.*"})
STORY_NOTE = _pattern(
    r"(?:story|article|post|text) continue[sd]? (?:below|after)\b.{0,40}",
    r"continue reading(?: below| the main story|\W*)",
    r"advertisement\W{0,3}(?:continue reading.{0,20}|story continues.{0,20}|advertisement|\W*)",
    r"(?:read|see|view)(?: or (?:share|comment on))?"
    r" (?:this|the)(?: full| entire| original)? (?:story|article)(?: here| on \S+|:? https?://\S+)",
)

# A prompt is an order to the reader that names the channel it is after. "Like", "get"
# and "follow" begin sentences too: each is tied to objects that only a prompt has.
_SOCIAL = (
    r"(?:twitter|facebook|instagram|flipboard|linkedin|youtube|telegram|whatsapp|google news|x)"
)
_ADDRESS = r"[\w.+-]{1,40}@[\w-]{1,40}\.\w{2,10}"
_LETTER = (
    r"(?:newsletters?|(?:your|my) inbox|mailing list|(?:e-?mail|news|breaking news) alerts?"
    r"|push notifications)"
)
PROMPT = _pattern(
    r"\W*(?:sign up|subscribe|register|donate|log in|sign in)"
    r"(?: (?:now|here|today|for free|to (?:our|the|your) \S+))*\W*",
    r"\W*subscribe (?:now|today|here)\b.*",
    r"\W*(?:sign up|subscribe|join|get|receive|want|never miss|don['\u2019]t miss|stay|keep up"
    rf"|catch up|let|for more|if you (?:like|enjoy)) .*\b{_LETTER}\b.*",
    r"\W*(?:listen|subscribe)\b.{0,60} (?:on|at|via|to) .{0,30}\b(?:apple podcasts|spotify|itunes"
    r"|google play|stitcher|podcast)\b.*",
    r"\W*thank(?:s| you) for (?:signing up|subscribing|reading|your support)\b.*",
    r"\W*click (?:here|to|for|on)\b.*",
    r"\W*(?:please )?(?:follow|like|join|find|tweet|message) (?:us|me)\b"
    rf"(?:.{{0,40}}\b{_SOCIAL}\b.*|\W*)",
    r"\W*follow(?: (?:him|her|them|the|and|our|(?-i:[A-Z])[\w.'\u2019-]*|@\w+)){1,8} on"
    rf" (?:\S+ )?{_SOCIAL}\b.*",
    r"\W*follow @\w+(?: ?follow @\w+)*\W*",
    r"\W*(?:join|start|continue) the (?:conversation|discussion|debate)(?: below| here)?\W*",
    r"\W*(?:leave|add|post|write|view|show|read|see|hide)(?: (?:a|all|your|\d+|the))? comments?"
    r"(?: below)?\W*",
    r"\W*support \S+ (?:explanatory |independent |our )?journalism\W*",
    r"\W*newsletter sign-?up\W*",
    r"\W*visit .{1,50} for more (?:stories|news)\W*",
    r"\W*(?:download|get) (?:the|our) (?:.{1,30} )?app(?: for .{1,60}| now| today)?\W*",
    r"\W*(?:send|submit|got|have|e-?mail|write to|contact|reach|(?:letters?|tips?|questions?) to)"
    rf"\b.{{0,120}}{_ADDRESS}.*",
)
PROMPT_WITHIN = _within(
    {
        "sign up": rf".*\bsign up\b.{{0,60}}\b{_LETTER}\b.*",
        "subscribe": rf".*\bsubscribe\b.{{0,60}}\b{_LETTER}\b.*",
        "your inbox": r".*\b(?:delivered|sent)\b.{0,40}\byour inbox\b.*",
        "you agree": r".*\bby (?:signing up|subscribing|registering)\b.{0,20}\byou agree\b.*",
        " here": r".*\b(?:click|sign up|subscribe|register) here\W*",
        "share ": r"\W*(?:.{0,80}[?!.] )?share (?:this|the|our) (?:story|article|post|page)"
        r"(?: (?:with|on) .{1,40}| now)?\W*",
    }
)

# Teasers name another story behind a label.
_LABEL = (
    r"(?:also )?(?:read (?:also|more|next|on|this)|also read|see also|also see|related"
    r"|related (?:story|stories|article|articles|coverage|content|links?|video|news)"
    r"|more(?: stories)?|watch|watch now|now watch|must read|must watch|don['\u2019]t miss"
    r"|go deeper|also on [\w.]{2,30}|more (?:on|from) [\w.]{2,30}|listen|photos|video"
    r"|gallery|slideshow"
    r"|in pictures|full coverage|special coverage|further reading|in case you missed it|latest"
    r"|vote now|urgent|recommended|you may also like|you might also like)"
)
TEASER = _pattern(
    rf"\W*{_LABEL} ?[:|»>] ?\S.*",
    rf"[(\[] ?{_LABEL} ?[:|] ?\S.*[)\]]",
    rf"\W*{_LABEL} ?[:.…»>]*",
    r"\W*also on [a-z0-9-]{1,40}\.[a-z]{2,10}(?:\.[a-z]{2,3})? .*",
    r"\W*related (?:coverage|stories|articles) (?-i:[A-Z]).*",
)
TAIL = _pattern(  # after this, whatever is no sentence is a list of other stories
    r"\W*(?:you (?:might|may) (?:also )?(?:like|be interested in)|(?:more|other|related|recommended"
    r"|top|latest|popular|trending)(?: \w+)? (?:stories|articles|news|posts|videos|content)"
    r"|recommended(?: for you)?|most (?:read|popular|viewed|shared)|around the web|up next"
    r"|from our partners|sponsored (?:content|stories)|paid content|trending(?: now)?"
    r"|what to read next|read next|more on this(?: story)?)\W*"
)
TAIL_NOTE = _pattern(
    r"\W*with (?:\S+ ){0,3}(?:wires?|wire services)\W*",
    r"\W*(?:the )?(?:opinions?|views?)(?: and (?:opinions?|views?))? expressed\b.{0,80}\b"
    r"(?:(?:do|does) not (?:necessarily )?(?:represent|reflect)|are (?:solely )?(?:those of"
    r"|their own|his own|her own|the author))\b.*",
    r"\W*this (?:is a rush transcript|article is more than \d+ years? old)\b.*",
    r"\W*this (?:story|article|report|post|column) (?:was |is )?(?:originally|first) "
    r"(?:published|appeared|ran)\b.*",
    r"\W*this (?:story|article|report) (?:is|was) based.{0,20} on wire (?:service )?reports\W*",
)
TAIL_NOTE_WITHIN = _within(
    {
        "contributed": r"(?:\S+ ){1,30}contributed(?: reporting)? to this"
        r" (?:report|story|article|post|column)\W*",
    }
)
CREDITED = re.compile(
    r"\W*(?:(?:article|story|post|report|text) (?:was )?)?(?:additional )?"
    r"(?:written|posted|authored|compiled|produced|published|reported|reporting|writing|editing)"
    r" by (.+)|\W*contributing(?: to this \w+)?: (.+)|(.+) contributed\W*",
    re.I,
)
BETWEEN_NAMES = _words(
    """additional and at by contributing de der edited editing for from in of on reported
    reporting the van von writing written"""
)
# A byline has names alone; its case is the evidence.
NAMES = re.compile(
    r"(?:By|BY|by)(?: [A-Z][\w.'\u2019-]*,?){1,6}"
    r"(?: (?:and|AND|for|FOR|in|of|\|)(?: [A-Z][\w.'\u2019-]*,?){1,5}){0,3}(?: \(? ?@\w+ ?\)?)?"
)
WIRE_SLUG = re.compile(rf"(?:{_AGENCY}|staff(?: writer| reporter)?)", re.I)
SECTION = re.compile(
    r"\W*(?:(?!good|bad|fake|no|more|big|old|new|the|great|false)\w+ )?(?:news|politics|opinions?"
    r"|analysis(?:/opinion)?|editorials?|commentary|exclusive|world|breaking|sports?|business"
    r"|lifestyle|entertainment|op-?ed|perspectives?|columns?|columnists?)\W*",
    re.I,
)
QUOTE_MARK = re.compile(r"[\"“”„«»]|(?<!\w)['\u2018]")
