"""Makes interpreter/src/test/resources/adapters: small LoRA adapters for the fixtures gpt2 and llama, and the logits of the merged models.

peft trains nothing here: matrices are random from a seed. The logits are transformers' in float64 after merge_and_unload.

    pip install torch transformers==4.57.1 peft
    python make_adapters.py interpreter/src/test/resources/fixtures interpreter/src/test/resources/adapters
"""

import json
import sys
from pathlib import Path

import peft
import torch
import transformers
from safetensors.torch import load_file, save_file

TOKENS = [(7 + 31 * i) % 200 for i in range(12)]
ADAPTERS = {
    "gpt2-plain": ("gpt2", dict(r=4, lora_alpha=8, target_modules=["c_attn", "c_proj", "c_fc"], fan_in_fan_out=True, bias="all")),
    "gpt2-rslora": ("gpt2", dict(r=2, lora_alpha=3, use_rslora=True, target_modules=["c_fc"], layers_to_transform=[1], fan_in_fan_out=True, bias="lora_only")),
    "llama-patterns": (
        "llama",
        dict(r=4, lora_alpha=8, target_modules=r".*\.(q_proj|v_proj|down_proj)", rank_pattern={"v_proj": 2}, alpha_pattern={"layers.0.mlp.down_proj": 5}),
    ),
    "llama-saved": ("llama", dict(r=3, lora_alpha=6, target_modules=["o_proj", "embed_tokens"], modules_to_save=["norm"])),
}


def exact(model):
    """Norms and rotary angles in float64: by itself transformers computes them in float32."""
    for module in model.modules():
        if type(module).__name__ == "LlamaRMSNorm":
            module.forward = lambda x, m=module: m.weight * (x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + m.variance_epsilon))
        if type(module).__name__ == "LlamaRotaryEmbedding":
            def angles(x, positions, config=module.config):
                width = config.hidden_size // config.num_attention_heads
                turns = config.rope_theta ** -(torch.arange(0, width, 2, dtype=torch.float64) / width)
                both = (positions[:, :, None].double() * turns).repeat(1, 1, 2)
                return both.cos(), both.sin()
            module.forward = angles
    return model


def main(fixtures, out):
    for seed, (name, (fixture, settings)) in enumerate(ADAPTERS.items()):
        torch.manual_seed(seed)
        model = transformers.AutoModelForCausalLM.from_pretrained(fixtures / fixture, torch_dtype=torch.float32)
        adapted = peft.get_peft_model(model, peft.LoraConfig(task_type="CAUSAL_LM", **settings))
        with torch.no_grad():
            for parameter in adapted.parameters():
                if parameter.requires_grad:
                    parameter.add_(torch.randn_like(parameter) * 0.2)
        folder = out / name
        adapted.save_pretrained(folder, save_embedding_layers=False)
        (folder / "README.md").unlink(missing_ok=True)
        config = json.loads((folder / "adapter_config.json").read_text())
        config["base_model_name_or_path"] = "../../fixtures/" + fixture
        if isinstance(config["target_modules"], list):
            config["target_modules"].sort()
        (folder / "adapter_config.json").write_text(json.dumps(config, indent=1, sort_keys=True) + "\n")
        base = transformers.AutoModelForCausalLM.from_pretrained(fixtures / fixture, torch_dtype=torch.float64)
        merged = peft.PeftModel.from_pretrained(base, folder, autocast_adapter_dtype=False).double().merge_and_unload()
        with torch.no_grad():
            logits = exact(merged.double())(torch.tensor([TOKENS])).logits[0, -1]
            plain = transformers.AutoModelForCausalLM.from_pretrained(fixtures / fixture, torch_dtype=torch.float64)(torch.tensor([TOKENS])).logits[0, -1]
        print(name, sorted(load_file(folder / "adapter_model.safetensors"))[:3], (logits - plain).abs().max().item(), sum(f.stat().st_size for f in folder.iterdir()))
        (folder / "expected.json").write_text(json.dumps({"tokens": TOKENS, "logits": logits.tolist()}) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
