"""The strings that tokenizers are compared on: 1,000 of many scripts, the same ones each time."""

import random

SAMPLES = [
    "The quick brown fox can't jump; it's they're we've I'm you'll he'd CAN'T IT'S",
    "Съешь же ещё этих мягких французских булок, да выпей чаю",
    "Ξεσκεπάζω την ψυχοφθόρα βδελυγμία",
    "نص حكيم له سر قاطع وذو شأن عظيم مكتوب على ثوب أخضر",
    "דג סקרן שט בים מאוכזב ולפתע מצא חברה",
    "ऋषियों को सताने वाले दुष्ट राक्षसों के राजा रावण का सर्वनाश",
    "เป็นมนุษย์สุดประเสริฐเลิศคุณค่า กว่าบรรดาฝูงสัตว์เดรัจฉาน",
    "我能吞下玻璃而不伤身体。漢字かな交じり文、カタカナ！",
    "다람쥐 헌 쳇바퀴에 타고파 키스의 고유조건은",
    "বাংলা তেলుగు தமிழ் ქართული հայերեն አማርኛ ភាសាខ្មែរ",
    "👩‍👩‍👧‍👦 👍🏽 🏳️‍🌈 ❤️ 🇩🇪🇫🇷 😀😃 1️⃣",
    "0 1 12 123 1234 12345 3.14159 1,000,000 2026-11-29 ½ ² Ⅷ ٣٤ १२",
    "def f(x):\n\treturn x**2 if x != 0 else -1  # comment\n",
    "<html><body class=\"a\">&amp; {json: [1, 2]} </body></html>",
    "e\u0301 a\u0308 n\u0303 \u00e9 \u212b \ufb01 \uff21\uff42 \u0130i",
    "ſtraße Ŀl·l ǅ ʼn \u00ad\u200b\u200d\ufeff \u3000\u00a0\u2009x",
    "McDonald iPhone GPT4All HTTPServer camelCase snake_case SCREAMING",
    "Hello, World! What?! ... --- *** /// \\\\ || && ## @@ $$ %% ^^ ~~ ``",
    "¿Qué? «oui» „ja“ — – … · • № § © ™ € £ ¥ ° ± × ÷",
    "a▁b ▁ ▁word <0x41> <unused1> [PAD7]",
]
SPACES = ["", " ", "  ", "   ", "\n", "\n\n", "\t", "\t\t", "\r\n", " \n", "\n ", "     ", " " * 17, " " * 40, "\u00a0", "\u3000"]
CONTROL = ["\x00", "\x01", "\x07", "\x1b", "\x7f", "\u0085", "\u2028", "\ud7ff", "\ufffd", "\U0001f600", "\U00010348", "\u0301"]


def strings(special, count=1000):
    """@param special: texts of special tokens to mix in"""
    draw = random.Random(20261129)
    words = [word for sample in SAMPLES for word in sample.split(" ")]
    made = list(SAMPLES) + SPACES[1:] + CONTROL[:-1] + [s + s for s in special] + ["aaaaaaaaa", "ababababab", "x" * 50, "=" * 33]
    while len(made) < count:
        kind = draw.random()
        if kind < 0.25:
            made.append(" ".join(draw.choice(words) for _ in range(draw.randint(1, 6))))
        elif kind < 0.5:
            made.append("".join(draw.choice(words) + draw.choice(SPACES) for _ in range(draw.randint(1, 5))))
        elif kind < 0.65:
            sample = draw.choice(SAMPLES)
            begin = draw.randrange(len(sample))
            made.append(draw.choice(SPACES) + sample[begin : begin + draw.randint(1, 20)])
        elif kind < 0.8:
            made.append("".join(draw.choice(draw.choice(SAMPLES)) for _ in range(draw.randint(1, 15))))
        elif kind < 0.9:
            made.append("".join(draw.choice(SPACES + CONTROL + words) for _ in range(draw.randint(2, 6))))
        elif kind < 0.95 and special:
            made.append("".join(draw.choice(special + words + [" "]) for _ in range(draw.randint(1, 4))))
        else:
            made.append(str(draw.randrange(10 ** draw.randint(1, 12))) + draw.choice(["", " ", "%", "th", ".5"]))
    # A text with two marks in it reads as different pieces in SentencePiece and in Hugging Face's library.
    return [text.replace("▁▁", "▁") for text in made[:count]]
