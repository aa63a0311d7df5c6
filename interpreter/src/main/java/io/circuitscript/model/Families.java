package io.circuitscript.model;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Every family that is computed, as data. */
public final class Families {
    /** In the order that a message lists them. */
    public static final List<Family> ALL = Stream.of(LayerNormFamilies.ALL, RmsNormFamilies.ALL)
            .flatMap(List::stream)
            .toList();

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
            "granitemoeshared",
            "granitemoehybrid",
            "flex_olmo",
            "dots1",
            "lfm2_moe",
            "qwen3_vl_moe",
            "qwen3_vl_moe_text",
            "glm4v_moe",
            "glm4v_moe_text",
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
