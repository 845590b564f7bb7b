"""Plain wire copy and opinion, written by us about invented events, for benchmarks.behaviour."""

from __future__ import annotations

WIRE = (
    "KESTRIA CITY - The central bank of Kestria kept its main interest rate at 4.25 percent on "
    "Thursday, in line with the forecasts of 14 of 16 economists in a poll. The governor said "
    "inflation was expected to return to the target in the second half of next year. The crown "
    "was little changed against the dollar after the announcement. The bank raised its growth "
    "forecast for the year to 1.8 percent from 1.6 percent.",
    "A magnitude 6.1 earthquake struck off the northern coast of Dolmar early on Monday, the "
    "geological service said. There were no immediate reports of casualties. The quake was at a "
    "depth of 24 km, about 90 km from the town of Ostra. Trains in the region were stopped for "
    "two hours while the tracks were inspected. No tsunami warning was issued.",
    "Three people were killed and nine injured when a bus left the road and overturned near the "
    "town of Sorn on Saturday, police said. The bus was carrying 31 passengers from the coast to "
    "the capital. The driver, who survived, is being questioned. Weather in the area was clear. "
    "The transport ministry said it would publish a first report within ten days.",
    "Shares of Harbour Freight fell 3.4 percent on Wednesday after the shipping company reported "
    "quarterly revenue of 912 million crowns, below the average forecast of 940 million. The "
    "company kept its outlook for the year. It said two new vessels would enter service in "
    "October, three months later than planned, because of a shortage of steel.",
    "Kestria and Dolmar agreed on Friday to resume talks about fishing rights in the strait, the "
    "foreign ministries of both countries said. The talks, which were suspended in March, will be "
    "held in a third country in September. Delegations will be led by deputy ministers. Boats of "
    "both countries may fish in the disputed waters until the end of the year.",
    "A fire damaged part of a textile factory in the port of Ostra on Tuesday night. Forty "
    "firefighters worked for five hours to bring it under control. Two workers were treated for "
    "smoke inhalation and released. The cause is under investigation. The company, which employs "
    "600 people, said production would resume in a second hall next week.",
    "Parliament in Dolmar passed a bill on Wednesday that raises the retirement age from 64 to 65 "
    "by 2035. The vote was 88 to 71, with four abstentions. Unions have called a one-day strike "
    "for next Monday. The labour minister said exceptions would be made for people who started "
    "work before the age of 18. The upper house will vote on the bill in June.",
    "The health ministry reported 214 new cases of measles in the past week, down from 260 the "
    "week before. Most of the cases were in two districts in the south. Some 40,000 children have "
    "been vaccinated since the campaign began in April, a spokeswoman said. A second round is "
    "planned for the autumn.",
    "Two soldiers were killed by an explosive device near the border on Sunday, the army said in a "
    "statement. A third was in a stable condition in hospital. No group claimed responsibility. "
    "The army said it had sent more engineers to the area to look for further devices. Eleven "
    "soldiers have been killed along the border since January.",
    "Ada Moss won the mayoral election in Sorn with 53 percent of the vote, the election office "
    "said on Monday after all ballots had been counted. Her opponent, Odo Finch, received 44 "
    "percent. Turnout was 61 percent, two points higher than four years ago. Moss takes office on "
    "January 3. Finch congratulated her in a telephone call.",
    "Wheat prices rose for a third day as dry weather reduced expectations for the harvest in the "
    "south. Futures for delivery in December closed at 231 crowns a tonne. The farmers' "
    "association cut its estimate for the crop to 8.1 million tonnes from 8.6 million. Exports in "
    "July were 12 percent lower than a year earlier.",
    "A court in Kestria City sentenced a former director of the state railway to four years in "
    "prison on Thursday for accepting payments from a supplier. He was also fined 200,000 crowns. "
    "His lawyer said he would appeal. Prosecutors had asked for six years. Two other defendants "
    "were acquitted.",
)

OPINION = (
    "Let us be honest about what the minister did last week. He lied to the country, shamelessly "
    "and with a smirk, and he expects the rest of us to swallow it. This is the same reckless "
    "man who wrecked the railways and then bragged about it. A government with a shred of decency "
    "would throw him out. This gutless cabinet will pin a medal on him instead.",
    "The dam is a monument to greed. It will drown fourteen villages so that a handful of "
    "well-connected crooks can fill their pockets, and the toothless watchdogs in the capital "
    "will nod it through as they always do. Don't be fooled by the glossy brochures. This is "
    "theft, brazen and cruel, dressed up as progress.",
    "Our brave farmers feed this nation, and what do they get from the pampered elites of the "
    "capital? Sneers, taxes and another mountain of idiotic paperwork. The new rules are an "
    "insult. They were dreamt up by clueless bureaucrats who have never held a shovel, and they "
    "will destroy the greatest rural tradition on earth.",
    "Another week, another disgraceful surrender. The so-called peace plan rewards the aggressor, "
    "humiliates its victims and fools nobody but the gullible dreamers who drafted it. Everyone "
    "knows how this ends. The warmongers across the river will pocket every concession and come "
    "back for more, laughing at our spineless diplomats.",
    "If you believe the mayor's fairy tale about the budget, I have a bridge to sell you. Her "
    "numbers are a joke, her excuses are pathetic, and her lapdogs on the council clap like seals. "
    "The city is sinking into a swamp of debt while she poses for photographs. It is a betrayal "
    "of every hard-working family that trusted her.",
    "The hysteria over the new schools must stop. A mob of self-righteous scolds has decided that "
    "teachers are the enemy, and craven politicians are falling over each other to appease them. "
    "What nonsense. Our heroic teachers deserve thanks, not this vile witch-hunt cooked up by "
    "cynical hacks for a cheap headline.",
    "What a farce. The commission spent two years and nine million to tell us what any child could "
    "see: the police chief is a bully and his cronies covered for him. The report is a whitewash "
    "from its first page to its last. Heads should roll. They will not, because this rotten system "
    "protects its own and spits on everyone else.",
    "The oil barons want you to be afraid. They always do. Their paid mouthpieces howl that the "
    "lights will go out, that jobs will vanish, that the sky will fall. It is a cynical scare "
    "campaign, and it is as old as it is dishonest. Clean power is coming, and no army of slick "
    "lobbyists will stop it.",
    "Never forget what these radicals did to the museum. They are not activists; they are vandals, "
    "spoiled brats with a bucket of paint and a hunger for applause. The fawning coverage they get "
    "is a national embarrassment. Lock them up, send their doting parents the bill, and spare us "
    "the sermons.",
    "The tax plan is a masterpiece of cruelty. It robs the sick, mocks the poor and showers gold "
    "on those who already have more than they could burn. The finance minister calls it fair, "
    "with a straight face. History will call it what it is: an obscene handout, written by the "
    "rich for the rich.",
    "Once again the television clowns have disgraced themselves. They fawn over tyrants, sneer at "
    "honest people and peddle the laziest gossip as fact. Their ratings are collapsing, and they "
    "have earned every lost viewer. A free people deserves better than this endless parade of "
    "smug frauds.",
    "There is a war on common sense in this country, and the fanatics are winning. They police our "
    "words, poison our schools and brand every doubter a monster. Enough. The silent majority has "
    "been bullied for too long by a tiny, shrill sect of zealots who could not run a lemonade "
    "stand, let alone a nation.",
)
