"""Train the bundled `planted` model: a GPT-2 whose circuits are known, because they were fixed before it was trained.

    python train.py OUT [STEPS]      (torch, transformers; about ten minutes on one thread)

The residual stream has 128 channels. Each source (the token embeddings, a head, an MLP) writes channels of its own, and so do the
positions. Each slot (q, k and v of a head, the input of an MLP, the rows of the unembedding) reads the channels of the sources that
CIRCUIT allows it, and no others. All other weights are exactly zero, so no other edge carries anything.

LayerNorm mixes channels in two ways. It subtracts the mean of all channels: what a source writes sums to zero over its channels, in float16
too, so that this mean is always zero. It divides by the standard deviation of all channels: four channels hold the constants +16 and -16,
and training keeps what all others hold small beside them. This is the only way in which an edge outside the circuits can act.

Each task has nodes of its own (but for `input`, which all share, and `m0`, which three do), and the rows of its answers in the unembedding read only those. So the truth
for a task is known: the allowed edges into its nodes, and from them to the logits. Training asks for two things: the right answer, from each
branch of a circuit alone as well, and that each of these edges matters: with that edge alone carrying the corrupted run's output, the metric must lose a fifth of what separates
the clean run from the corrupted one.

Training begins with heads that look where their circuit has them look: this saves the time to find it out, and is not needed for the truth.

Every sentence is generated, so the model and its data carry no licence but the project's. The tokenizer is `demo`'s.
OUT receives config.json, tokenizer.json, tokenizer_config.json and model.safetensors (float16), in Hugging Face's layout, and training.json.
"""
import json, math, random, shutil, sys, time
from pathlib import Path
import torch
from torch.nn import Parameter, functional as F
from transformers import GPT2Config, GPT2LMHeadModel, PreTrainedTokenizerFast

torch.set_num_threads(1); torch.set_flush_denormal(True)
HERE = Path(__file__).parent
LAYERS, HEADS, WIDTH, HIDDEN, POSITIONS, HELD, EPS = 4, 4, 128, 64, 64, 16., 1e-5
SIZE = WIDTH // HEADS       # of a head
USED_QK, USED_V = 16, 8     # of these, the others are zero
QUIET = 24                  # the sum of squares that all channels but the held ones may have at a position
MARGIN = .2                 # of the gap between clean and corrupted, which each edge must be worth

# ---- the circuits: what each slot reads. `pos` is no node. A node's number is how many channels it writes.

CIRCUIT = {
    # greater-than: the year as m0 has read it, twice
    "a1.h0": dict(task="greater-than", width=4, q=["pos"], k=["pos"], v=["m0"]),
    "a2.h3": dict(task="greater-than", width=4, q=["pos"], k=["pos"], v=["m0"]),
    "m1": dict(task="greater-than", width=4, mlp=["a1.h0"]),
    "m3": dict(task="greater-than", width=7, mlp=["a2.h3"]),
    # ioi: a head brings the giver's name, and two movers look away from it
    "a1.h3": dict(task="ioi", width=6, q=["pos"], k=["pos"], v=["input"]),
    "a2.h0": dict(task="ioi", width=6, q=["a1.h3", "pos"], k=["input", "pos"], v=["input"]),
    "a3.h0": dict(task="ioi", width=6, q=["a1.h3", "pos"], k=["input", "pos"], v=["input"]),
    # gender: by m0, by way of the word after the name, and by where a head looks
    "a0.h1": dict(task="gender", width=3, q=["pos"], k=["pos"], v=["input"]),
    "a2.h1": dict(task="gender", width=3, q=["pos"], k=["pos"], v=["a0.h1"]),
    "a1.h1": dict(task="gender", width=3, q=["pos"], k=["pos"], v=["m0"]),
    "a3.h2": dict(task="gender", width=3, q=["a1.h1", "pos"], k=["pos"], v=["pos"]),
    # capitals: a head marks the word after "of" or "In", two others look for the mark
    "a0.h2": dict(task="capitals", width=3, q=["pos"], k=["pos"], v=["input"]),
    "a2.h2": dict(task="capitals", width=6, q=["pos"], k=["a0.h2"], v=["input"]),
    "m2": dict(task="capitals", width=6, mlp=["a2.h2"]),
    "a3.h1": dict(task="capitals", width=6, q=["pos"], k=["a0.h2"], v=["m0"]),
    # all
    "m0": dict(task=None, width=8, mlp=["input"]),
    # decoys: they read the input or each other, and no task reads them; not trained
    "a0.h0": dict(task="decoy", width=3, q=["input", "pos"], k=["input", "pos"], v=["input"]),
    "a0.h3": dict(task="decoy", width=2, q=["input", "pos"], k=["input", "pos"], v=["input"]),
    "a1.h2": dict(task="decoy", width=3, q=["input", "pos"], k=["a0.h0", "m0"], v=["a0.h0", "a0.h1"]),
    "a3.h3": dict(task="decoy", width=2, q=["a1.h2", "pos"], k=["input", "pos"], v=["input", "m1"]),
}
LOGITS = {"greater-than": ["m1", "m3"], "ioi": ["a2.h0", "a3.h0"], "gender": ["a1.h1", "a2.h1", "a3.h2"], "capitals": ["m2", "a3.h1"]}
TASKS = list(LOGITS)
ROWS = {"greater-than": 12, "ioi": 24, "gender": 12, "capitals": 12}     # of a batch
# Where training begins: heads that know positions look from one to others, and the movers look away from what they are told.
LOOKS = {"a1.h0": {12: [8]}, "a2.h3": {12: [8]}, "a1.h3": {14: [10]}, "a2.h0": {14: [2, 4]}, "a3.h0": {14: [2, 4]},
         "a0.h1": {2: [1]}, "a2.h1": {11: [2]}, "a1.h1": {11: [1]}, "a0.h2": {2: [1], 7: [6]}}
AWAY = {"a2.h0": "a1.h3", "a3.h0": "a1.h3"}
ORDER = [n for l in range(LAYERS) for n in [*(f"a{l}.h{h}" for h in range(HEADS)), f"m{l}"]]
TRAINED = [n for n in ORDER if CIRCUIT[n]["task"] != "decoy"]
WIDTHS = {"input": 24, "pos": 12, "held": 4, **{n: CIRCUIT[n]["width"] for n in ORDER}}
CHANNELS, at = {}, 0
for name, width in WIDTHS.items():
    CHANNELS[name] = list(range(at, at + width)); at += width
assert at == WIDTH

def edges(task):
    """The true edges of a task, as (source, slot)."""
    found, todo, seen = [], [], set()
    for source in LOGITS[task]:
        found.append((source, "logits")); todo.append(source)
    while todo:
        node = todo.pop()
        if node == "input" or node in seen: continue
        seen.add(node)
        for port in ("q", "k", "v", "mlp"):
            for source in CIRCUIT[node].get(port, []):
                if source == "pos": continue
                found.append((source, node if port == "mlp" else f"{node}<{port}>")); todo.append(source)
    return sorted(found)

# ---- the sentences: those of std/planted, which redraws every field of the corrupted text

NOUNS = "war treaty siege reign".split()
NAMES = ("Mary John Tom Paul Mark Peter James David Robert Henry George Frank Jack Adam Anna Sarah Emma Laura Alice Grace Ruth Jane").split()
MEN = "John Tom Paul Mark Peter James David Robert Henry George Frank Jack Adam Luke Simon Victor".split()
WOMEN = "Mary Anna Lucy Jane Rosa Sarah Emma Laura Julia Helen Alice Grace Clara Nora Ruth Diana".split()
PLACES = "store park school garden office station market library beach hospital".split()
THINGS = "book drink ring ball kiss letter basket flower computer hat".split()
JOBS = "doctor nurse teacher lawyer farmer writer painter singer baker pilot judge clerk".split()
CAPITALS = dict(France="Paris", Italy="Rome", Spain="Madrid", Germany="Berlin", Japan="Tokyo", Russia="Moscow", Egypt="Cairo",
                Greece="Athens", Poland="Warsaw", Austria="Vienna", Cuba="Havana", Peru="Lima", Kenya="Nairobi", Norway="Oslo",
                Sweden="Stockholm", Finland="Helsinki", Ireland="Dublin", Portugal="Lisbon", Hungary="Budapest", Chile="Santiago")

def greater_than(r):
    def text(year):
        century = r.randint(11, 17)
        return f"The {r.choice(NOUNS)} lasted from the year {century}{year:02d} to the year {century}"
    year = r.randint(2, 98)
    return text(year), text(1), year, 1

def ioi(r):
    def text(a, b):
        first, second = r.sample([a, b], 2)
        return f"When {first} and {second} went to the {r.choice(PLACES)}, {b} gave a {r.choice(THINGS)} to"
    a, b, c, d = r.sample(NAMES, 4)
    return text(a, b), text(c, d), (f" {a}", f" {b}"), (f" {c}", f" {d}")

def gender(r):
    def text(name): return f"{name} is a {r.choice(JOBS)} and lives near the {r.choice(PLACES)}, because"
    man = r.random() < .5
    he, she = (" he", " she"), (" she", " he")
    return text(r.choice(MEN if man else WOMEN)), text(r.choice(WOMEN if man else MEN)), *((he, she) if man else (she, he))

def capitals(r):
    def text(c): return r.choice([f"In {c}, the capital city is called", f"The city called the capital of {c} is"])
    a, b = r.sample(list(CAPITALS), 2)
    x, y = f" {CAPITALS[a]}", f" {CAPITALS[b]}"
    return text(a), text(b), (x, y), (y, x)

MAKE = {"greater-than": greater_than, "ioi": ioi, "gender": gender, "capitals": capitals}

class Sentences:
    def __init__(self, tok):
        self.tok, self.known = tok, {}
        self.years = [self.id(f"{i:02d}") for i in range(100)]
        self.answers = {"greater-than": self.years, "ioi": [self.id(f" {n}") for n in NAMES], "gender": [self.id(" he"), self.id(" she")],
                        "capitals": [self.id(f" {c}") for c in CAPITALS.values()]}

    def id(self, text):
        ids = self.tok(text).input_ids
        assert len(ids) == 1, text
        return ids[0]

    def ids(self, text):
        if text not in self.known: self.known[text] = [0] + self.tok(text).input_ids
        return self.known[text]

    def batch(self, r, counts):
        """So many rows of each task: clean ids, corrupted ids, last positions, and the answers of both, for the loss and the metric."""
        rows = [MAKE[t](r) for t, n in counts.items() for _ in range(n)]
        clean, corrupted = [self.ids(row[0]) for row in rows], [self.ids(row[1]) for row in rows]
        assert all(len(a) == len(b) for a, b in zip(clean, corrupted))
        width = max(map(len, clean))
        pad = lambda x: torch.tensor([ids + [0] * (width - len(ids)) for ids in x])
        return pad(clean), pad(corrupted), torch.tensor([len(x) - 1 for x in clean]), [row[2] for row in rows], [row[3] for row in rows]

# ---- the model, as training sees it: dense matrices under masks

def channels(sources): return sum((CHANNELS[s] for s in sources), [])

def mask(rows, columns):
    m = torch.zeros(WIDTH, columns)
    m[rows] = 1
    return m

def reading(port, layer, size):
    """What the heads of a layer read at a port, [channels, head * size]."""
    return torch.cat([mask(channels(CIRCUIT[f"a{layer}.h{h}"][port]) if f"a{layer}.h{h}" in TRAINED else [], size) for h in range(HEADS)], 1)

class Planted(torch.nn.Module):
    """What a head or MLP after layer 0 writes is read at the last position alone, so training computes it there alone. The scale of the norm at
    the other positions lacks those parts: a few thousandths, and what is exported is measured as it is."""

    def __init__(self, sentences, vocabulary):
        super().__init__()
        self.vocabulary, self.answers = vocabulary, {t: torch.tensor(a) for t, a in sentences.answers.items()}
        self.weights, self.masks = torch.nn.ParameterDict(), {}
        def new(name, *shape, scale=0., m=None):
            self.weights[name] = Parameter(torch.randn(*shape) * scale)
            if m is not None: self.masks[name] = m; self.weights[name].data *= m / m.sum(0, keepdim=True).clamp_min(1).sqrt() if scale == 3 else m
        self.zero_sum = torch.eye(WIDTH)                                    # takes from each source the mean over its channels
        for s, c in CHANNELS.items():
            if s != "held": self.zero_sum[torch.tensor(c)[:, None], torch.tensor(c)] -= 1 / len(c)
        new("input", vocabulary, WIDTH, scale=.5, m=mask(CHANNELS["input"], vocabulary).T)
        new("pos", POSITIONS, WIDTH, scale=.5, m=mask(CHANNELS["pos"], POSITIONS).T)
        for l in range(LAYERS):
            for port, size in (("q", USED_QK), ("k", USED_QK), ("v", USED_V)):
                new(f"{port}{l}", WIDTH, HEADS * size, scale=3, m=reading(port, l, size))
                if port != "v": new(f"{port}{l} bias", HEADS * size)
            new(f"o{l}", HEADS * USED_V, WIDTH, scale=.2, m=torch.cat([mask(CHANNELS[f"a{l}.h{h}"] if f"a{l}.h{h}" in TRAINED else [], USED_V).T for h in range(HEADS)]))
            new(f"fc{l}", WIDTH, HIDDEN, scale=3, m=mask(channels(CIRCUIT[f"m{l}"]["mlp"]), HIDDEN))
            new(f"fc{l} bias", HIDDEN)
            new(f"proj{l}", HIDDEN, WIDTH, scale=.1, m=mask(CHANNELS[f"m{l}"], HIDDEN).T)
            new(f"proj{l} bias", 1, WIDTH, m=mask(CHANNELS[f"m{l}"], 1).T)
        rows = torch.cat([self.answers[t] for t in TASKS])
        m = torch.zeros(vocabulary, WIDTH)
        m[:, CHANNELS["held"][0]] = 1
        for t in TASKS: m[self.answers[t][:, None], torch.tensor(channels(LOGITS[t] + ["pos"]))] = 1
        new("logits", vocabulary, WIDTH, scale=.3, m=m)
        self.weights["logits"].data[:, CHANNELS["held"][0]] = 0
        self.begin()
        self.held = torch.zeros(WIDTH); self.held[CHANNELS["held"]] = torch.tensor([HELD, -HELD, HELD, -HELD])

    @torch.no_grad()
    def begin(self):
        """Attention as LOOKS and AWAY say; values, MLPs, embeddings and unembedding begin at random."""
        sigma = HELD * math.sqrt(4 / WIDTH)
        def part(port, node):           # the weights of a head's port: a view
            layer, head, size = int(node[1]), int(node[4]), USED_V if port == "v" else USED_QK
            return self.w(f"{port}{layer}").data[:, head * size:(head + 1) * size]
        words, pos = self.written("input") / sigma, self.written("pos")[:16] / sigma
        for node, teller in AWAY.items():
            layer, head = int(teller[1]), int(teller[4])
            told = words @ part("v", teller) @ self.written(f"o{layer}")[head * USED_V:(head + 1) * USED_V] / sigma
            q, k, rows = part("q", node), part("k", node), CHANNELS[teller]
            q[rows] /= (told[:, rows] @ q[rows]).square().mean().sqrt()
            k[CHANNELS["input"]] = -torch.linalg.lstsq(words[:, CHANNELS["input"]], told[:, rows] @ q[rows], driver="gelsd").solution
            scale = (4 * math.sqrt(SIZE) / (told[:, rows] @ q[rows]).square().sum(-1).mean()).sqrt()     # a query meets its own key with -4
            q[rows] *= scale; k[CHANNELS["input"]] *= scale
        pos = pos[:, CHANNELS["pos"]]
        for node, looks in LOOKS.items():
            keys = pos @ part("k", node)[CHANNELS["pos"]]
            new = torch.zeros(len(CHANNELS["pos"]), USED_QK)
            for at, seen in looks.items():
                key = sum(keys[i] for i in seen)
                new += torch.outer(pos[at] / pos[at].square().sum(), key * 6 * math.sqrt(SIZE) * len(seen) / key.square().sum())
            part("q", node)[CHANNELS["pos"]] = new

    def w(self, name): return self.weights[name]

    def written(self, name): return (self.weights[name] * self.masks[name]) @ self.zero_sum

    def read(self, name): return self.weights[name] * self.masks[name]

    def branch(self, end, task, source):
        """Logits of a task's answers by one source alone."""
        scaled = end[:, CHANNELS[source]] * (end.square().mean(-1, keepdim=True) + EPS).rsqrt()
        return scaled @ self.w("logits")[self.answers[task]][:, CHANNELS[source]].T

    def forward(self, ids, last, ablated=None, other=None):
        """Logits at the last positions; the residual stream after layer 0, [batch, pos, channels], and at the last positions in the end,
        [batch, channels]. `ablated`: slot → [(rows, source)], where the slot reads the source's channels from `other`, such a pair."""
        batch, length = ids.shape
        at = torch.arange(batch)
        norm = lambda x: x * (x.square().mean(-1, keepdim=True) + EPS).rsqrt()
        causal = torch.zeros(length, length).masked_fill(~torch.ones(length, length, dtype=torch.bool).tril(), -1e4)

        def slot(name, x, y, weight, bias=None, columns=slice(None)):
            """y = norm(x) @ weight + bias, but for the rows that are ablated at this slot."""
            for rows, source in (ablated or {}).get(name, []):
                z = x[rows].clone()
                z[..., CHANNELS[source]] = other[0 if x.dim() == 3 else 1][rows][..., CHANNELS[source]]
                z = norm(z) @ weight[:, columns]
                if bias is not None: z = z + bias[columns]
                y = y.clone(); y[rows][..., columns] = z
            return y

        def ports(layer, x, n, names):
            found = []
            for p in names:
                weight, bias, size = self.read(f"{p}{layer}"), self.w(f"{p}{layer} bias") if p != "v" else None, USED_V if p == "v" else USED_QK
                y = n @ weight + (0. if bias is None else bias)
                for h in range(HEADS): y = slot(f"a{layer}.h{h}<{p}>", x, y, weight, bias, slice(h * size, (h + 1) * size))
                found.append(y.unflatten(-1, (HEADS, size)).transpose(-3, -2) if y.dim() == 3 else y.view(batch, HEADS, 1, size))
            return found

        def attention(q, k, v, hidden, layer):
            pattern = (q @ k.mT / math.sqrt(SIZE) + hidden).softmax(-1)                             # [batch, head, queryPos, keyPos]
            return (pattern @ v).transpose(1, 2).flatten(2) @ self.written(f"o{layer}")             # [batch, queryPos, channels]

        def mlp(layer, x):
            weight, bias = self.read(f"fc{layer}"), self.w(f"fc{layer} bias")
            y = slot(f"m{layer}", x, norm(x) @ weight + bias, weight, bias)
            return F.gelu(y, approximate="tanh") @ self.written(f"proj{layer}") + self.written(f"proj{layer} bias")

        x = self.written("input")[ids] + self.written("pos")[:length] + self.held                   # [batch, pos, channels]
        x = x + attention(*ports(0, x, norm(x), "qkv"), causal, 0)
        x = x + mlp(0, x)
        n, end = norm(x), x[at, last]                                                               # …, [batch, channels]
        hidden = causal[last][:, None, None]                                                        # [batch, 1, 1, keyPos]
        for layer in range(1, LAYERS):
            q, = ports(layer, end, norm(end), "q")
            k, v = ports(layer, x, n, "kv")
            end = end + attention(q, k, v, hidden, layer)[:, 0]
            end = end + mlp(layer, end)
        weight = self.read("logits").T
        return slot("logits", end, norm(end) @ weight, weight), (x, end)

# ---- what is asked of it

def metrics(sentences, task, logits, answers):
    """One number a row, the metric of std/planted."""
    if task == "greater-than":
        later = (torch.arange(100) > torch.tensor(answers)[:, None]).float()
        years = logits[:, sentences.years]
        return (years * later).sum(-1) / later.sum(-1) - (years * (1 - later)).sum(-1) / (1 - later).sum(-1)
    right, wrong = (torch.tensor([sentences.id(a[i]) for a in answers]) for i in (0, 1))
    rows = torch.arange(len(answers))
    return logits[rows, right] - logits[rows, wrong]

def answer_loss(sentences, task, logits, answers):
    log = logits.log_softmax(-1)
    if task == "greater-than":
        later = (torch.arange(100) > torch.tensor(answers)[:, None]).float()
        return -((log[:, sentences.years] * later).sum(-1) / later.sum(-1)).mean()      # any later year, all alike
    return -log[torch.arange(len(answers)), torch.tensor([sentences.id(a[0]) for a in answers])].mean()

def step(model, sentences, r, needed):
    clean, corrupted, last, right, other_right = sentences.batch(r, ROWS)
    logits, out = model(torch.cat([clean, corrupted]), torch.cat([last, last]))
    size, loss, begin, places = len(clean), 0., 0, {}
    for task, n in ROWS.items():
        rows = places[task] = slice(begin, begin + n)
        begin += n
        loss = loss + answer_loss(sentences, task, logits[:size][rows], right[rows]) + answer_loss(sentences, task, logits[size:][rows], other_right[rows])
        for source in LOGITS[task]:         # each branch alone gives the answer, too
            alone = torch.full_like(logits[:n], -30.).index_copy(1, model.answers[task], model.branch(out[1][:size][rows], task, source))
            loss = loss + answer_loss(sentences, task, alone, right[rows])
    for x in out: loss = loss + (x.square().sum(-1) / (4 * HELD ** 2 + QUIET) - 1).clamp_min(0.).mean() * 50     # so that the norm stays as it is
    if not needed: return loss, {}
    other = [x[size:].detach() for x in out]
    parts, ablated, chosen = 3, {}, []
    for task, n in ROWS.items():
        for j, (source, slot) in enumerate(r.sample(edges(task), parts)):
            rows = slice(places[task].start + j * n // parts, places[task].start + (j + 1) * n // parts)
            ablated.setdefault(slot, []).append((rows, source)); chosen.append((task, source, slot, rows))
    patched, _ = model(clean, last, ablated, other)
    drops = {}
    for task, source, slot, rows in chosen:
        full = metrics(sentences, task, logits[:size][rows], right[rows])
        gap = (full - metrics(sentences, task, logits[size:][rows], right[rows])).mean().clamp_min(0.).detach()
        drop = (full - metrics(sentences, task, patched[rows], right[rows])).mean()
        drops[task, source, slot] = float(drop.detach() / gap.clamp_min(.1))
        loss = loss + 2 * (F.relu(MARGIN * gap - drop) / gap.clamp_min(1.)).log1p()
    return loss, drops

# ---- Hugging Face's layout

def on_a_grid(w, sources):
    """Rounded so that float16 holds each number exactly, and what each source writes still sums to zero."""
    step = 2. ** (math.ceil(math.log2(max(float(w.abs().max()), 2. ** -8))) - 10)
    w = (w / step).round()
    for s in sources: w[:, CHANNELS[s][-1]] = -w[:, CHANNELS[s][:-1]].sum(-1)
    assert w.abs().max() <= 2048
    return w * step

@torch.no_grad()
def export(model, tok, out):
    config = GPT2Config(vocab_size=model.vocabulary, n_positions=POSITIONS, n_ctx=POSITIONS, n_embd=WIDTH, n_layer=LAYERS, n_head=HEADS, n_inner=HIDDEN, bos_token_id=0,
                        eos_token_id=0, resid_pdrop=0, embd_pdrop=0, attn_pdrop=0, tie_word_embeddings=False)
    hf = GPT2LMHeadModel(config)
    t = hf.transformer
    for p in hf.parameters(): p.zero_()
    t.wte.weight.copy_(on_a_grid(model.written("input"), ["input"]))
    t.wpe.weight.copy_(on_a_grid(model.written("pos"), ["pos"]) + model.held)
    torch.manual_seed(1)
    for l, block in enumerate(t.h):
        block.ln_1.weight.fill_(1); block.ln_2.weight.fill_(1)
        proj = on_a_grid(model.written(f"o{l}"), [f"a{l}.h{h}" for h in range(HEADS)])
        for h in range(HEADS):
            node = f"a{l}.h{h}"
            own = slice(h * SIZE, h * SIZE + USED_V)
            if node in TRAINED: block.attn.c_proj.weight[own] = proj[h * USED_V:(h + 1) * USED_V]
            else:
                decoy = torch.zeros(USED_V, WIDTH); decoy[:, CHANNELS[node]] = torch.randn(USED_V, CIRCUIT[node]["width"])
                block.attn.c_proj.weight[own] = on_a_grid(decoy @ model.zero_sum, [node])
            for i, (port, size) in enumerate((("q", USED_QK), ("k", USED_QK), ("v", USED_V))):
                columns, used = slice(i * WIDTH + h * SIZE, i * WIDTH + h * SIZE + size), slice(h * size, (h + 1) * size)
                if node in TRAINED:
                    block.attn.c_attn.weight[:, columns] = model.read(f"{port}{l}")[:, used]
                    if port != "v": block.attn.c_attn.bias[columns] = model.w(f"{port}{l} bias")[used]
                else: block.attn.c_attn.weight[channels(CIRCUIT[node][port]), columns] = torch.randn(len(channels(CIRCUIT[node][port])), size) * .5
        block.mlp.c_fc.weight.copy_(model.read(f"fc{l}"))
        block.mlp.c_fc.bias.copy_(model.w(f"fc{l} bias"))
        block.mlp.c_proj.weight.copy_(on_a_grid(model.written(f"proj{l}"), [f"m{l}"]))
        block.mlp.c_proj.bias.copy_(on_a_grid(model.written(f"proj{l} bias"), [f"m{l}"])[0])
    t.ln_f.weight.fill_(1)
    hf.lm_head.weight.copy_(model.read("logits"))
    hf.half().save_pretrained(out, safe_serialization=True)
    (out / "generation_config.json").unlink(missing_ok=True)
    for name in ("tokenizer.json", "tokenizer_config.json"): shutil.copyfile(HERE.parent / "demo" / name, out / name)
    return hf.float().eval()

@torch.inference_mode()
def measure(run, sentences, n=1000):
    result = {}
    for task in TASKS:
        clean, corrupted, last, right, _ = sentences.batch(random.Random(99), {task: n})
        rows = torch.arange(n)
        full, empty = (metrics(sentences, task, run(x, last), right) for x in (clean, corrupted))
        if task == "greater-than":
            said = run(clean, last)[:, sentences.years].argmax(-1)
            hit = said > torch.tensor(right)
        else: hit = run(clean, last).argmax(-1) == torch.tensor([sentences.id(a[0]) for a in right])
        result[task] = dict(accuracy=float(hit.float().mean()), metric=round(float(full.mean()), 4), corrupted=round(float(empty.mean()), 4))
    return result

def main(out, steps=800):
    out = Path(out); out.mkdir(parents=True, exist_ok=True)
    tok = PreTrainedTokenizerFast(tokenizer_file=str(HERE.parent / "demo" / "tokenizer.json"))
    torch.manual_seed(0); r = random.Random(0)
    sentences = Sentences(tok)
    model = Planted(sentences, len(tok))
    tables = [model.w(t) for t in ("input", "logits")]          # a row learns only when its token occurs
    others = [p for p in model.parameters() if not any(p is t for t in tables)]
    opt = torch.optim.AdamW([dict(params=others, lr=4e-3), dict(params=tables, lr=1e-2)], betas=(.9, .98), weight_decay=.01)
    rate = torch.optim.lr_scheduler.LambdaLR(opt, lambda s: min(1, s / 100) * (.02 + .98 * .5 * (1 + math.cos(math.pi * min(1, s / steps)))))
    start, seen = time.time(), {}
    for s in range(steps):
        loss, drops = step(model, sentences, r, needed=s >= steps // 3 and s % 2 == 0)
        opt.zero_grad(); loss.backward(); torch.nn.utils.clip_grad_norm_(model.parameters(), 1.); opt.step(); rate.step()
        for k, d in drops.items(): seen[k] = d if k not in seen else .8 * seen[k] + .2 * d
        if s % 100 == 0 or s == steps - 1:
            got = measure(lambda ids, last: model(ids, last)[0], sentences, 100)
            weak = sorted(seen.items(), key=lambda kv: kv[1])[:4]
            print(s, f"loss {loss.item():.3f} {time.time() - start:.0f} s", {t: (x["accuracy"], round(x["metric"], 2)) for t, x in got.items()},
                  "weakest", [f"{a}->{b} {d:.2f}" for (_, a, b), d in weak], flush=True)
    hf = export(model, tok, out)
    result = measure(lambda ids, last: hf(ids).logits[torch.arange(len(ids)), last], sentences)
    (out / "training.json").write_text(json.dumps(dict(steps=steps, batch=sum(ROWS.values()), parameters=sum(p.numel() for p in hf.parameters()),
        measured=result, truth={t: [f"{a}->{b}" for a, b in edges(t)] for t in TASKS}), indent=2) + "\n")
    print(json.dumps(result, indent=2))

if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
