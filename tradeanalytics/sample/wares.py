"""Which goods the sample's trade by HS code is split into. The split is invented: real are the codes and their meaning.

Codes are of HS 2022. Those of the common high priority list have another code in 2021 where they were new in 2022.
"""

from __future__ import annotations

from dataclasses import dataclass

from tradeanalytics.reference import lookup, rows


@dataclass(frozen=True)
class Ware:
    """Goods of one HS6: words, unit, dollars a unit, how much of them there is, provinces they leave, who buys them.

    `second` is a second eight-digit code of the same goods: its last two digits, its unit and dollars a unit. `to` is
    every partner where it is blank.
    """

    hs6: str
    en: str
    fr: str
    unit: str
    price: int
    weight: int
    made: str = "ON QC"
    to: str = ""
    second: str = ""

    @property
    def details(self) -> tuple[tuple[str, str, int], ...]:
        """Of each eight-digit code the last two digits, the unit that its goods are counted in, and dollars a unit."""
        if not self.second:
            return (("00", self.unit, self.price),)
        digits, unit, price = self.second.split()
        return ("10", self.unit, self.price), (digits, unit, int(price))

    def code(self, year: int) -> str:
        """Its six digits in the edition of a year.

        >>> [next(ware for ware in PRIORITY if ware.hs6 == "854800").code(year) for year in (2021, 2022)]
        ['854890', '854800']
        """
        return self.hs6 if year >= 2022 else lookup("high_priority", "hs6", "predecessor").get(self.hs6, self.hs6)


FAR = "CN JP KR TW HK ID SG"
EUROPE = "BE FR DE IT NL ES GB NO"
ORDINARY = (
    Ware("020329", "Frozen pork", "Viande de porc congelée", "KGM", 4, 6, "QC MB", "CN JP KR TW MX US AU"),
    Ware("030632", "Live or fresh lobster", "Homards vivants ou frais", "KGM", 22, 5, "NS PE", f"{FAR} {EUROPE} US"),
    Ware("071340", "Dried lentils", "Lentilles sèches", "KGM", 1, 5, "SK", "TR IN DZ PE ES IT SA"),
    Ware("100119", "Durum wheat", "Blé dur", "TNE", 420, 9, "SK", "DZ IT TR JP PE ES"),
    Ware("100199", "Other wheat", "Autre blé", "TNE", 360, 10, "SK AB", f"{FAR} PE MX BR IQ SA", second="90 KGM 1"),
    Ware("120190", "Soya beans", "Fèves de soja", "KGM", 1, 6, "ON", f"CN JP ID {EUROPE}"),
    Ware("120510", "Canola seed", "Graines de canola", "TNE", 750, 9, "SK MB", "CN JP MX FR DE BE"),
    Ware("151411", "Crude canola oil", "Huile de canola brute", "KGM", 2, 5, "SK", "US CN KR MX"),
    Ware("210690", "Food preparations", "Préparations alimentaires", "KGM", 6, 3),
    Ware("260111", "Iron ores", "Minerais de fer", "TNE", 160, 12, "NL QC", f"{FAR} {EUROPE} SA"),
    Ware("260300", "Copper ores", "Minerais de cuivre", "KGM", 3, 7, "BC", "CN JP KR IN DE"),
    Ware("270112", "Bituminous coal", "Houille bitumineuse", "TNE", 240, 9, "BC AB", "CN JP KR IN TW BR"),
    Ware("270900", "Crude petroleum", "Pétrole brut", "MTQ", 500, 90, "AB", "US", second="90 N/A 0"),
    Ware("271019", "Petroleum oils, refined", "Huiles de pétrole raffinées", "LTR", 1, 25, "NB AB", "US NL MX"),
    Ware("271121", "Natural gas", "Gaz naturel", "MTQ", 1, 30, "BC AB", "US"),
    Ware("300490", "Medicaments", "Médicaments", "N/A", 0, 6, second="90 N/A 0"),
    Ware("310420", "Potassium chloride", "Chlorure de potassium", "TNE", 600, 14, "SK", "US BR CN IN ID MX"),
    Ware("390120", "Polyethylene", "Polyéthylène", "KGM", 2, 8, "AB ON", "US CN MX"),
    Ware("401120", "Tyres for lorries", "Pneus pour camions", "NMB", 350, 3, "NS ON"),
    Ware("440711", "Sawn pine", "Pin scié", "MTQ", 400, 15, "BC QC", "US CN JP"),
    Ware("470321", "Wood pulp, coniferous", "Pâte de bois de conifères", "TNE", 1000, 7, "BC QC", f"{FAR} IT US"),
    Ware("480100", "Newsprint", "Papier journal", "KGM", 1, 3, "QC", "US IN BR MX PE"),
    Ware("710812", "Gold, unwrought", "Or sous forme brute", "GRM", 75, 60, "ON", "GB CH HK AU"),
    Ware("740311", "Copper cathodes", "Cathodes de cuivre", "KGM", 12, 8, "QC", "US CN"),
    Ware("750210", "Nickel, unwrought", "Nickel sous forme brute", "KGM", 25, 6, "ON", f"US CN NO {EUROPE}"),
    Ware(
        "760110",
        "Aluminium, unwrought",
        "Aluminium sous forme brute",
        "KGM",
        3,
        15,
        "QC",
        "US NL IT MX",
        second="90 KGM 4",
    ),
    Ware("732690", "Articles of iron or steel", "Ouvrages en fer ou en acier", "N/A", 0, 3),
    Ware("841191", "Parts of turbojets", "Parties de turboréacteurs", "N/A", 0, 7, "QC ON", second="90 N/A 0"),
    Ware("841370", "Centrifugal pumps", "Pompes centrifuges", "NMB", 1500, 3, "ON AB"),
    Ware("842952", "Excavators", "Excavateurs", "NMB", 180000, 4, "ON"),
    Ware("843143", "Parts of drilling machines", "Parties de machines de forage", "N/A", 0, 6, "AB ON"),
    Ware("843390", "Parts of harvesters", "Parties de moissonneuses", "N/A", 0, 4, "MB SK"),
    Ware("847989", "Other machines", "Autres machines", "N/A", 0, 4, second="90 NMB 24000"),
    Ware("853710", "Control panels", "Tableaux de commande", "N/A", 0, 3),
    Ware(
        "870323",
        "Passenger cars, 1.5 to 3 l",
        "Voitures, 1,5 à 3 l",
        "NMB",
        32000,
        60,
        "ON",
        "US MX SA",
        second="90 NMB 45000",
    ),
    Ware("870899", "Parts of motor vehicles", "Parties de véhicules", "N/A", 0, 15, "ON"),
    Ware("880240", "Aeroplanes over 15 t", "Avions de plus de 15 t", "NMB", 40000000, 12, "QC", f"US {EUROPE} CH IN"),
    Ware("901890", "Medical instruments", "Instruments médicaux", "N/A", 0, 4),
)

PRIORITY = (
    Ware("854231", "Processors", "Processeurs", "NMB", 60, 9, second="90 NMB 140"),
    Ware("854232", "Memories", "Mémoires", "NMB", 25, 5),
    Ware("854233", "Amplifiers", "Amplificateurs", "NMB", 12, 2),
    Ware("854239", "Other integrated circuits", "Autres circuits intégrés", "NMB", 18, 8),
    Ware("851762", "Machines to send and receive data", "Machines de transmission de données", "N/A", 0, 12),
    Ware("852691", "Radio navigation apparatus", "Appareils de radionavigation", "N/A", 0, 8),
    Ware("853221", "Tantalum capacitors", "Condensateurs au tantale", "N/A", 0, 2),
    Ware("853224", "Ceramic capacitors", "Condensateurs céramiques", "N/A", 0, 3),
    Ware("854800", "Electrical parts of machines", "Parties électriques de machines", "N/A", 0, 4),
    Ware("847150", "Processing units", "Unités de traitement", "N/A", 0, 7, second="90 NMB 1800"),
    Ware("850440", "Static converters", "Convertisseurs statiques", "N/A", 0, 6),
    Ware("852589", "Cameras", "Caméras", "NMB", 900, 4, second="90 N/A 0"),
    Ware("852910", "Aerials", "Antennes", "N/A", 0, 5),
    Ware("852990", "Parts of radio apparatus", "Parties d'appareils de radio", "N/A", 0, 4),
    Ware("853690", "Electrical connections", "Appareils de connexion électrique", "N/A", 0, 6),
    Ware("854129", "Transistors", "Transistors", "NMB", 3, 3),
    Ware("854149", "Photosensitive devices", "Dispositifs photosensibles", "N/A", 0, 3),
    Ware("854151", "Semiconductor transducers", "Transducteurs à semi-conducteur", "N/A", 0, 2),
    Ware("854159", "Other semiconductor devices", "Autres dispositifs à semi-conducteur", "N/A", 0, 2),
    Ware("848210", "Ball bearings", "Roulements à billes", "N/A", 0, 5),
    Ware("848250", "Roller bearings", "Roulements à rouleaux", "N/A", 0, 3),
    Ware("880730", "Parts of aeroplanes", "Parties d'avions", "N/A", 0, 14, "QC ON"),
    Ware("901420", "Instruments of air navigation", "Instruments de navigation aérienne", "N/A", 0, 9, "QC ON"),
    Ware("901480", "Other navigation instruments", "Autres instruments de navigation", "N/A", 0, 5),
    Ware("847180", "Other computer units", "Autres unités informatiques", "N/A", 0, 3),
    Ware("848620", "Machines to make semiconductors", "Machines à fabriquer des semi-conducteurs", "N/A", 0, 3),
    Ware("853400", "Printed circuits", "Circuits imprimés", "N/A", 0, 5),
    Ware("854320", "Signal generators", "Générateurs de signaux", "N/A", 0, 2),
    Ware("902750", "Optical instruments of analysis", "Instruments optiques d'analyse", "NMB", 9000, 4),
    Ware("903020", "Oscilloscopes", "Oscilloscopes", "NMB", 4000, 2),
    Ware("903039", "Recording meters", "Appareils de mesure enregistreurs", "N/A", 0, 2),
    Ware("845710", "Machining centres", "Centres d'usinage", "NMB", 150000, 3),
    Ware("845811", "Numerically controlled lathes", "Tours à commande numérique", "NMB", 90000, 2),
)
TIERS = {row["hs6"]: row["tier"] for row in rows("high_priority")}

CHAPTERS = {
    "02": ("Meat", "Viandes"),
    "03": ("Fish and crustaceans", "Poissons et crustacés"),
    "07": ("Vegetables", "Légumes"),
    "10": ("Cereals", "Céréales"),
    "12": ("Oil seeds", "Graines oléagineuses"),
    "15": ("Fats and oils", "Graisses et huiles"),
    "21": ("Food preparations", "Préparations alimentaires"),
    "26": ("Ores", "Minerais"),
    "27": ("Mineral fuels", "Combustibles minéraux"),
    "30": ("Pharmaceutical products", "Produits pharmaceutiques"),
    "31": ("Fertilizers", "Engrais"),
    "39": ("Plastics", "Matières plastiques"),
    "40": ("Rubber", "Caoutchouc"),
    "44": ("Wood", "Bois"),
    "47": ("Wood pulp", "Pâtes de bois"),
    "48": ("Paper", "Papier"),
    "71": ("Precious stones and metals", "Pierres et métaux précieux"),
    "73": ("Articles of iron or steel", "Ouvrages en fer ou en acier"),
    "74": ("Copper", "Cuivre"),
    "75": ("Nickel", "Nickel"),
    "76": ("Aluminium", "Aluminium"),
    "84": ("Machinery", "Machines"),
    "85": ("Electrical machinery", "Machines électriques"),
    "87": ("Vehicles", "Véhicules"),
    "88": ("Aircraft", "Aéronefs"),
    "90": ("Instruments", "Instruments"),
}
