"""English words about people: first names, and words with a capital that name nobody.

Source: the first names are the commonest of births in the United States since 1920 (Social
Security Administration) and in England and Wales, and those that are frequent there among
people from elsewhere; without those that are more often a place, a month or an ordinary word.
"""

from __future__ import annotations

_FIRST_NAMES_LIST = """
aaron abigail adam adrian ahmed aidan aisha alan albert alejandro alex alexander alexandra alexis
ali alice alicia alison allison amanda amber amelia amir amit amy ana andrea andreas andrew andy
angela angelica anil anita ann anna anne annie anthony antonio anya aoife arjun arthur asha ashley
audrey barbara barry beatrice beatriz becky ben benjamin bernard beth bethany betty beverly bill
billy bob bobby boris brandon brenda brent brian bridget bruce bryan caitlin cameron camila carl
carla carlos carmen carol caroline carolyn carrie catherine cathy cecilia charles charlie chris
christina christine christopher chloe cindy claire clara claudia colin connor craig cristina
cynthia daisy dale dan daniel danielle darren dave david deborah debra deepak denise dennis derek
diana diane diego dmitri dominic don donald donna doris dorothy doug douglas dylan ed eddie edith
eduardo edward edwin eileen elaine eleanor elena eli elijah elizabeth ella ellen emily emma eric
erica erik erin ernest esther ethan eugene eva evan evelyn fatima felix fernando fiona frances
francesca francis francisco frank fred frederick gabriel gabriela gareth gary gavin gemma geoff
george gerald gillian gina giovanni gloria gordon grace graham greg gregory guillermo hannah harold
harriet harry hassan heather hector heidi helen helena henry holly howard hugh hugo ian ibrahim
ines ingrid irene isaac isabel isabella ivan jack jackie jacob jacqueline jake james jamie jan
jane janet janice jasmine jason javier jay jean jeff jeffrey jennifer jenny jeremy jerry jesse
jessica jessie jill jim jimmy joan joanna joanne joe joel johan johannes john johnny jon jonathan
jorge jose joseph joshua joyce juan judith judy julia julian julie juliet justin karen karl kate
katherine kathleen kathryn kathy katie katrina keith kelly ken kenneth kevin kim kimberly kirsten
kristen kristin kyle larry laura lauren laurence lawrence leah leila leo leon leonard leslie lewis
liam lily linda lisa liz logan lois lorenzo lori lorraine louis louise lucas lucia lucy luis luke
lydia lynn magnus manuel marc marcel marcia marco marcus margaret maria marianne marie marilyn
mario marion marjorie mark marta martha martin mary mateo matt matthew maureen max maya megan
mehmet melanie melissa michael michele michelle miguel mike mitchell mohamed mohammed molly monica
muhammad nadia nancy naomi natalia natalie natasha nathan neha neil nicholas nick nicola nicole
nigel nina noah noel nora norman oliver olivia omar oscar owen pablo pamela patricia patrick paul
paula pauline pedro peggy penny peter phil philip phillip phoebe phyllis pieter pierre priya rachel
rafael rahul raj ralph ravi ray raymond rebecca rekha ricardo richard rick rob robert roberta
roberto robin rodney roger roland ron ronald rosa rosalind rosemary ross roy russell ruth ryan
sally sam samantha samir samuel sandra sanjay sara sarah scott sean sebastian sergio shannon sharon
shaun sheila shirley simon sofia sonia sophia sophie stacy stanley stella stephanie stephen steve
steven stuart sue sunil susan suzanne sven sylvia tamara tania tara ted teresa terry thelma theo
theodore theresa thomas tiffany tim timothy tina tobias todd tom tommy toni tony tracy travis
trevor tyler valerie vanessa vera vernon veronica vicky victor vijay vikram vincent vivian walter
wanda wayne wendy wesley wilfred william yasmin yolanda yusuf yvonne zachary zoe
"""
FIRST_NAMES = frozenset(_FIRST_NAMES_LIST.split())

# Words with a capital that are nobody's name: what opens a sentence, days, firms, peoples,
# faiths, countries and large cities, professions and ranks.
_NO_NAMES_LIST = """
i a an and are as at ask be both but by can could did do does english
everyone everybody exactly first fine for from given go
god good got great have he hello here hey hi his how i'm if in is it its just let like look
ma'am maybe me monday tuesday wednesday thursday friday saturday sunday january february march
april may june july august september october november december my next no not now of oh ok
okay on one or our part people perhaps please professor doctor really right same second she
sir so sorry sure thank thanks that the their them then there these they this those to today
tomorrow two very was we well what when where which while who why will with would yeah yes yet
you your folks all guys team ladies gentlemen ai gpu gpt internet web google microsoft openai
apple amazon meta facebook twitter university institute audience chair
moderator panel lord christ jesus since still some speaking again also although any because
before after absolutely actually another each even every finally honestly however indeed
instead last lastly many more most much often only other otherwise personally question
questions third morning afternoon evening night congratulations welcome anyway hm hmm um uh ah
american british chinese japanese indian european french german italian spanish irish scottish
welsh dutch swedish danish norwegian finnish polish russian ukrainian greek turkish swiss austrian
belgian portuguese brazilian mexican canadian australian african asian arab israeli iranian korean
vietnamese thai filipino indonesian pakistani egyptian nigerian kenyan argentinian chilean
colombian cuban texan californian scot scots latino latina hispanic catholic protestant christian
muslim jewish buddhist hindu sikh mormon atheist republican democrat conservative liberal
china america europe africa asia england britain scotland ireland wales france germany italy spain
russia japan india korea canada mexico brazil australia israel iran iraq ukraine poland greece
turkey egypt london paris berlin rome madrid moscow tokyo beijing shanghai taipei taiwan delhi
mumbai boston chicago washington texas california york jersey brooklyn manhattan harvard stanford
mit oxford cambridge linux windows python java bitcoin brexit medicare congress senate parliament
christmas easter spring summer autumn winter genesis bible siri alexa
mr mrs ms miss dr prof president vice chief senior junior head director manager officer secretary
minister chairman chairwoman chairperson governor mayor senator congressman congresswoman judge
justice captain major general colonel sergeant lieutenant counsel scientist engineer producer
editor teacher student nurse lawyer attorney consultant analyst assistant associate founder
partner ceo cto cfo coo vp phd gen star dean father sister brother mother mom mum dad uncle aunt
grandma grandpa honey darling buddy dude man madam honor honour
"""
NO_NAMES = frozenset(_NO_NAMES_LIST.split())
