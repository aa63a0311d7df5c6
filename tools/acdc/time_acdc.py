"""time_acdc.py MODEL CSV ROWS EDGES: seconds for one edge of a sequential ACDC that runs the whole circuit, in float32, on a model of GPT-2's shape.

All slots of a layer are mixed in one product, and all rows run at once: as fast as such a program is without knowing which parts of a run an edge changes.
"""
import csv, sys, time

import torch, transformers

folder, path, count, edges = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
torch.set_grad_enabled(False)
hf = transformers.GPT2LMHeadModel.from_pretrained(folder).eval()
tokenizer = transformers.PreTrainedTokenizerFast.from_pretrained(folder)
rows = list(csv.DictReader(open(path)))[:count]
clean, corrupted = (torch.tensor([[0] + tokenizer(row[name]).input_ids for row in rows]) for name in ("clean", "corrupted"))
H, L, D = hf.config.n_head, hf.config.n_layer, hf.config.n_embd
split = lambda block: [x.unflatten(-1, (H, -1)) for x in (*block.attn.c_attn.weight.split(D, 1), *block.attn.c_attn.bias.split(D))]


def run(ids, keep, ablated):
    """Log-probabilities after the last token, and what sources give. keep [slot, source]; ablated [source, row, pos, d]; None: everything is kept."""
    given = torch.empty(1 + L * (H + 1), *ids.shape, D)
    given[0] = hf.transformer.wte(ids)
    base = hf.transformer.wpe.weight[: ids.shape[1]].clone()
    at, slot = 1, 0

    def mix(slots):
        values = given[:at] if ablated is None else given[:at] - ablated[:at]
        nothing = base if ablated is None else base + ablated[:at].sum(0)
        return nothing + torch.einsum("ks,snpd->knpd", keep[slot:slot + slots, :at], values)

    for block in hf.transformer.h:
        wq, wk, wv, bq, bk, bv = split(block)
        x = block.ln_1(mix(3 * H)).unflatten(0, (3, H))
        q, k, v = (torch.einsum("hnpd,dhe->nhpe", x[i], w) + b[:, None] for i, (w, b) in enumerate(((wq, bq), (wk, bk), (wv, bv))))
        z = torch.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        given[at:at + H] = torch.einsum("nhpe,hed->hnpd", z, block.attn.c_proj.weight.unflatten(0, (H, -1)))
        base = base + block.attn.c_proj.bias
        at, slot = at + H, slot + 3 * H
        given[at] = block.mlp(block.ln_2(mix(1)[0]))
        at, slot = at + 1, slot + 1
    last = hf.transformer.ln_f(mix(1)[0][:, -1])
    return hf.lm_head(last).log_softmax(-1), given


keep = torch.ones(L * (3 * H + 1) + 1, 1 + L * (H + 1))
whole, _ = run(clean, keep, None)
print("off from transformers:", (whole - hf(clean).logits[:, -1].log_softmax(-1)).abs().max().item())
_, ablated = run(corrupted, keep, None)
torch.manual_seed(0)
start, cpu = time.time(), time.process_time()
for _ in range(edges):
    keep[torch.randint(len(keep), ()), 0] = 0
    found, _ = run(clean, keep, ablated)
    value = (whole.exp() * (whole - found)).sum(-1).mean().item()
print(f"{(time.time() - start) / edges:.3f} s an edge, {(time.process_time() - cpu) / edges:.3f} s of processor time")
