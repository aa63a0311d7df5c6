package io.circuitscript.model;

import static io.circuitscript.model.LayerNormFamilies.BLOOM;
import static io.circuitscript.model.LayerNormFamilies.GPT2;
import static io.circuitscript.model.LayerNormFamilies.GPTJ;
import static io.circuitscript.model.LayerNormFamilies.GPT_NEO;
import static io.circuitscript.model.LayerNormFamilies.GPT_NEOX;
import static io.circuitscript.model.LayerNormFamilies.OPT;
import static io.circuitscript.model.LayerNormFamilies.PHI;
import static io.circuitscript.model.LayerNormFamilies.STABLELM;
import static io.circuitscript.model.RmsNormFamilies.GEMMA;
import static io.circuitscript.model.RmsNormFamilies.GEMMA2;
import static io.circuitscript.model.RmsNormFamilies.GEMMA3_TEXT;
import static io.circuitscript.model.RmsNormFamilies.LLAMA;
import static io.circuitscript.model.RmsNormFamilies.MISTRAL;
import static io.circuitscript.model.RmsNormFamilies.OLMO2;
import static io.circuitscript.model.RmsNormFamilies.PHI3;
import static io.circuitscript.model.RmsNormFamilies.QWEN2;
import static io.circuitscript.model.RmsNormFamilies.QWEN3;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Every family that is computed, as data. */
public final class Families {
    /** In the order that a message lists them. */
    public static final List<Family> ALL = List.of(
            GPT2,
            GPT_NEO,
            GPTJ,
            GPT_NEOX,
            OPT,
            BLOOM,
            PHI,
            STABLELM,
            LLAMA,
            MISTRAL,
            QWEN2,
            QWEN3,
            PHI3,
            GEMMA,
            GEMMA2,
            GEMMA3_TEXT,
            OLMO2);

    /** Types whose MLPs are mixtures of experts, which no single node stands for. */
    static final Set<String> EXPERTS = Set.of(
            "mixtral",
            "qwen2_moe",
            "qwen3_moe",
            "qwen3_next",
            "olmoe",
            "phimoe",
            "dbrx",
            "deepseek_v2",
            "deepseek_v3",
            "gpt_oss",
            "jamba",
            "granitemoe",
            "llama4",
            "llama4_text",
            "minimax",
            "glm4_moe",
            "ernie4_5_moe",
            "hunyuan_v1_moe",
            "switch_transformers");

    private Families() {}

    /** @param modelType as config.json has it */
    public static Optional<Family> named(String modelType) {
        return ALL.stream().filter(family -> family.name().equals(modelType)).findFirst();
    }
}
