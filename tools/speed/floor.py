"""floor.py MODEL TOKENS DIFFER EXAMPLES BATCH DTYPE THREADS [RUNS]: what plain transformers needs, the floor of docs/speed.md.

Random tokens, as `circuit bench --tokens TOKENS` has them; the texts of a pair differ from position DIFFER on. Nothing is recorded and no edge is
scored. Prints, for each run after a first one that warms up, a JSON object with the seconds of one example:

    evaluate  two forward passes without gradients
    eap       one forward pass without gradients, and a forward and a backward pass to the embeddings
    eap-ig    two forward passes without gradients, and five forward and backward passes

Needs torch 2.7.1 and transformers 4.51.3. Take turns with `circuit bench` on a quiet machine, several times, and compare medians.
"""
import json
import random
import sys
import time

import torch
from transformers import AutoModelForCausalLM

path, tokens, differ, examples, batch, dtype, threads = sys.argv[1:8]
tokens, differ, examples, batch = int(tokens), int(differ), int(examples), int(batch)
torch.set_num_threads(int(threads))
model = AutoModelForCausalLM.from_pretrained(path, torch_dtype=getattr(torch, dtype)).eval()
for weight in model.parameters():
    weight.requires_grad = False

draw = random.Random(0)
vocabulary = model.config.vocab_size
clean = [[draw.randrange(vocabulary) for _ in range(tokens)] for _ in range(examples)]
corrupted = [row[:differ] + [draw.randrange(vocabulary) for _ in range(tokens - differ)] for row in clean]
clean, corrupted = torch.tensor(clean), torch.tensor(corrupted)


def forward(ids):
    with torch.inference_mode():
        for i in range(0, examples, batch):
            model(ids[i : i + batch])


def forward_and_back():
    for i in range(0, examples, batch):
        embedded = model.get_input_embeddings()(clean[i : i + batch]).detach().requires_grad_(True)
        probabilities = model(inputs_embeds=embedded).logits[:, -1].float().softmax(-1)
        (probabilities[:, 50:100].sum() - probabilities[:, :50].sum()).backward()


def seconds(work, *arguments):
    start = time.perf_counter()
    work(*arguments)
    return (time.perf_counter() - start) / examples


for run in range(1 + (int(sys.argv[8]) if len(sys.argv) > 8 else 1)):
    first, second, back = seconds(forward, clean), seconds(forward, corrupted), seconds(forward_and_back)
    if run > 0:
        found = {"evaluate": first + second, "eap": second + back, "eap-ig": first + second + 5 * back}
        print(json.dumps({name: round(value, 5) for name, value in found.items()}), flush=True)
