"""What the demo's people, companies, streets and towns are called, by country."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Town:
    """A town with the first digits of its post codes, and the territory it lies in."""

    name: str
    post_code: str
    territory: str


@dataclass(frozen=True)
class Country:
    """Names as they are in one country; `languages` are those one writes to its people in."""

    code: str
    weight: int
    languages: tuple[tuple[str, int], ...]
    women: tuple[str, ...]
    men: tuple[str, ...]
    surnames: tuple[str, ...]
    streets: tuple[str, ...]
    towns: tuple[Town, ...]
    post_code_digits: int
    companies: tuple[str, ...]
    phone: str
    number_first: bool = False


def _names(text: str) -> tuple[str, ...]:
    """Names between blanks; an underscore is a blank within one."""
    return tuple(name.replace("_", " ") for name in text.split())


def _towns(text: str) -> tuple[Town, ...]:
    parts = (entry.split() for entry in text.split(","))
    return tuple(Town(name, code, territory) for name, code, territory in parts)


FINNISH_TOWNS = _towns(
    "Helsinki 001 CAPITAL,Helsinki 005 CAPITAL,Helsinki 009 CAPITAL,Espoo 021 CAPITAL,"
    "Espoo 026 CAPITAL,Vantaa 013 CAPITAL,Vantaa 015 CAPITAL,Kauniainen 027 CAPITAL,"
    "Porvoo 061 SOUTH,Kotka 481 SOUTH,Kouvola 451 SOUTH,Lahti 151 SOUTH,Hämeenlinna 131 SOUTH,"
    "Salo 241 SOUTH,Hanko 109 SOUTH,Lohja 081 SOUTH,Hyvinkää 059 SOUTH,Järvenpää 044 SOUTH,"
    "Turku 201 WEST,Rauma 261 WEST,Pori 281 WEST,Tampere 331 WEST,Nokia 371 WEST,Vaasa 651 WEST,"
    "Seinäjoki 601 WEST,Kokkola 671 WEST,Jyväskylä 401 WEST,Kuopio 701 EAST,Joensuu 801 EAST,"
    "Mikkeli 501 EAST,Savonlinna 571 EAST,Lappeenranta 531 EAST,Imatra 551 EAST,Iisalmi 741 EAST,"
    "Oulu 901 NORTH,Raahe 921 NORTH,Kajaani 871 NORTH,Kuusamo 936 NORTH,Kemi 941 NORTH,"
    "Rovaniemi 961 NORTH,Sodankylä 996 NORTH,Inari 998 NORTH"
)

FINLAND = Country(
    code="FI",
    weight=84,
    languages=(("fi", 86), ("sv", 9), ("en", 5)),
    women=_names(
        "Aino Anna Eeva Elina Emilia Eveliina Hanna Heidi Helena Inkeri Irina Jaana "
        "Johanna Kaisa Katri Kristiina Laura Leena Liisa Maarit Maija Mari Marjatta Merja "
        "Minna Noora Outi Pirjo Päivi Riikka Ritva Saara Sanna Sari Satu Sofia Suvi Taina "
        "Tuula Ulla Veera Venla Birgitta Gunilla Åsa"
    ),
    men=_names(
        "Aleksi Antti Arto Eero Eino Elias Esa Hannu Harri Heikki Ilkka Jaakko Jari Juha "
        "Jukka Jussi Kalle Kari Kimmo Lauri Leevi Markku Matti Mika Mikko Niko Oskari "
        "Otto Pasi Pekka Petri Raimo Risto Sami Seppo Tapio Teemu Timo Toni Tuomas Urho "
        "Veikko Ville Väinö Göran Kjell Örjan"
    ),
    surnames=_names(
        "Aalto Ahonen Anttila Autio Eskelinen Haapala Hakala Harju Heikkilä Heinonen "
        "Hiltunen Hirvonen Hämäläinen Ikonen Jokinen Järvinen Kallio Karjalainen Kettunen "
        "Kinnunen Korhonen Koskinen Laaksonen Laine Lahtinen Laitinen Lehtonen Leppänen "
        "Lindholm Lindqvist Manninen Mattila Mikkola Miettinen Mäkelä Mäkinen Nieminen "
        "Niemi Nurmi Ojala Oksanen Peltonen Pesonen Pitkänen Rantanen Ruotsalainen "
        "Räsänen Saarinen Salminen Salo Salonen Savolainen Seppälä Sjöberg Suominen "
        "Tikkanen Toivonen Tuominen Turunen Virtanen Väisänen Wikström Ylönen Åkerlund "
        "Äijälä Öhman Hakkarainen-Lehtomäki af_Forselles von_Essen"
    ),
    streets=_names(
        "Kauppakatu Rautatienkatu Koulukatu Puistotie Satamakatu Asemakatu Rantatie "
        "Kirkkokatu Teollisuustie Mannerheimintie Hämeenkatu Aleksanterinkatu Koivutie "
        "Mäntytie Myllytie Linnankatu Torikatu Pohjoisesplanadi Ruukintie Tehtaankatu "
        "Yrittäjäntie Kivikonkaari Metsäpolku Norra_Esplanaden"
    ),
    towns=FINNISH_TOWNS,
    post_code_digits=5,
    companies=(
        "{word} {trade} Oy",
        "{surname} & {surname2} Oy",
        "{trade} {surname} Oy",
        "{word} Group Oyj",
        "{town} {trade} Oy",
        "Ab {surname} Oy",
        "{trade} {word} Ky",
    ),
    phone="+358 40 000 {:04d}",
)
# What Finnish companies call themselves and what they do.
WORDS = _names(
    "Revontuli Saimaa Kaleva Lakeus Pohjola Tähti Kuukkeli Karhu Ilves Joutsen Sampo "
    "Väinö Aalto Kivi Rauta Hopea Meri Tuuli Kanerva Vaahtera Kuusi Halla Ukkonen "
    "Ruska Tunturi Virta Lumo Otso Korpi Louhi Aurora Kaarna"
)
TRADES = _names(
    "Rakennus Kone Logistiikka Sähkö Maalaus Kuljetus Leipomo Kahvila Puutarha "
    "Huonekalu Metalli Paperi Pakkaus Kirjapaino Ohjelmisto Neuvonta Tilitoimisto "
    "Hammaslääkärit Apteekki Kirjakauppa Optiikka Siivous Kiinteistö Matkat Hotelli "
    "Ravintola Veneet Kello Tekstiili Elintarvike Energia Ympäristö Laboratorio "
    "Arkkitehdit"
)
SWEDEN = Country(
    code="SE",
    weight=5,
    languages=(("sv", 92), ("en", 8)),
    women=_names("Annika Astrid Ebba Elsa Ingrid Karin Linnéa Maja Margareta Saga Ylva"),
    men=_names("Anders Axel Björn Erik Gustav Håkan Lars Nils Olof Sven Åke"),
    surnames=_names(
        "Andersson Bergström Dahlberg Ekström Engström Forsberg Holm Lundgren Norén "
        "Sandström Söderberg Åström Öberg"
    ),
    streets=_names("Storgatan Kungsgatan Drottninggatan Skolgatan Björkvägen Hamngatan"),
    towns=_towns(
        "Stockholm 111 ABROAD,Göteborg 411 ABROAD,Malmö 211 ABROAD,Uppsala 753 ABROAD,"
        "Umeå 903 ABROAD,Luleå 972 ABROAD"
    ),
    post_code_digits=5,
    companies=("{surname} Bygg AB", "{surname} & {surname2} AB", "{town} Presentbutik AB"),
    phone="+46 8 465 00{:04d}",
)
ESTONIA = Country(
    code="EE",
    weight=3,
    languages=(("et", 70), ("en", 30)),
    women=_names("Kadri Kairi Katrin Liis Maarja Piret Triin"),
    men=_names("Andres Jaan Kristjan Märt Rein Taavi Tõnu"),
    surnames=_names("Ilves Kask Kukk Mägi Oja Põder Rebane Saar Sepp Tamm Õunapuu"),
    streets=_names("Narva_maantee Pikk Viru Tartu_maantee Ülikooli"),
    towns=_towns("Tallinn 101 ABROAD,Tartu 510 ABROAD,Pärnu 800 ABROAD"),
    post_code_digits=5,
    companies=("{surname} OÜ", "{town} Kaubandus AS"),
    phone="+372 600 {:04d}",
)
GERMANY = Country(
    code="DE",
    weight=4,
    languages=(("de", 90), ("en", 10)),
    women=_names("Anja Birgit Claudia Greta Heike Jana Käthe Monika Sabine Ursula"),
    men=_names("Bernd Dieter Florian Hans Jörg Jürgen Klaus Matthias Stefan Uwe"),
    surnames=_names(
        "Bauer Becker Fischer Großmann Hoffmann Köhler König Müller Schäfer Schmidt "
        "Schröder Weiß Zimmermann"
    ),
    streets=_names("Hauptstraße Bahnhofstraße Gartenweg Lindenallee Mühlenweg Schloßplatz"),
    towns=_towns(
        "Hamburg 200 ABROAD,Berlin 101 ABROAD,München 803 ABROAD,Köln 506 ABROAD,"
        "Lübeck 235 ABROAD,Rostock 180 ABROAD"
    ),
    post_code_digits=5,
    companies=("{surname} Maschinenbau GmbH", "{surname} & Söhne KG", "{surname} Handels GmbH"),
    phone="+49 30 23125 {:04d}",
)
BRITAIN = Country(
    code="GB",
    weight=4,
    languages=(("en", 100),),
    women=_names("Alice Charlotte Eleanor Fiona Grace Hazel Imogen Margaret Olivia Rose"),
    men=_names("Alistair Charles Duncan Edward George Henry James Oliver Rupert William"),
    surnames=_names(
        "Ashworth Barlow Clarke Fairfax Hughes MacLeod O'Connor Pemberton Shaw Thornton "
        "Whitaker Young"
    ),
    streets=_names("High_Street Station_Road Church_Lane Mill_Road Victoria_Avenue"),
    towns=_towns("London EC1A ABROAD,Leeds LS1 ABROAD,Edinburgh EH1 ABROAD,Bristol BS1 ABROAD"),
    post_code_digits=0,
    companies=("{surname} & {surname2} Ltd", "{surname} Trading plc", "{town} Gifts Ltd"),
    phone="+44 20 7946 {:04d}",
    number_first=True,
)
COUNTRIES = (FINLAND, SWEDEN, ESTONIA, GERMANY, BRITAIN)
JOB_TITLES = (
    ("Toimitusjohtaja", "CEO"),
    ("Talousjohtaja", "MANAGEMENT"),
    ("Markkinointipäällikkö", "MANAGER"),
    ("Ostopäällikkö", "MANAGER"),
    ("Henkilöstöpäällikkö", "MANAGER"),
    ("Myyntipäällikkö", "MANAGER"),
    ("Ostaja", "SPECIALIST"),
    ("Assistentti", "SPECIALIST"),
    ("Projektipäällikkö", "SPECIALIST"),
    ("Viestintäasiantuntija", "SPECIALIST"),
    ("Toimistonhoitaja", "SPECIALIST"),
    ("Harjoittelija", "TRAINEE"),
)
ITEMS = {
    "MUGS": ("Revontulimuki", "Termosmuki", "Tuoppi lasia"),
    "SWEETS": ("Suklaarasia", "Salmiakkirasia", "Piparkakkupaketti"),
    "OFFICE": ("Kuulakärkikynä", "Muistikirja", "Seinäkalenteri"),
    "TEXTILES": ("Villahuopa", "Saunapyyhe", "Pipo logolla"),
    "EVENTS": ("Messupaketti", "Palkintopokaali"),
}
