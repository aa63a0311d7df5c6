package io.circuitscript.model;

import io.circuitscript.model.Family.Choice;
import io.circuitscript.model.Family.Flag;
import io.circuitscript.model.Family.Key;
import io.circuitscript.model.Family.Norm;
import io.circuitscript.model.Family.Part;
import io.circuitscript.model.Family.Place;
import io.circuitscript.model.Family.Positions;
import io.circuitscript.model.Family.Refused;
import io.circuitscript.model.Family.Setting;
import io.circuitscript.model.Family.Turned;
import io.circuitscript.model.Family.Windows;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** A family as it is written down: from scratch, or by what sets it apart from another. */
final class FamilyDraft {
    private final String name;
    private String prefix;
    private Norm norm = Norm.RMS;
    private Positions positions = Positions.ROTARY_HALVES;
    private Windows windows = Windows.NONE;
    private final Map<Setting, Key> settings = new EnumMap<>(Setting.class);
    private final Map<Part, Place> parts = new EnumMap<>(Part.class);
    private Flag parallel = Flag.NEVER;
    private Flag tied = Flag.of("tie_word_embeddings", true);
    private boolean inputFirst;
    private Turned turned = Turned.EVERY_LAYER;
    private boolean scaledEmbedding;
    private Flag scoresByLayer = Flag.NEVER;
    private final List<Refused> refused = new ArrayList<>();
    private final List<Choice> choices = new ArrayList<>();

    FamilyDraft(String name, String prefix) {
        this.name = name;
        this.prefix = prefix;
    }

    /** A family whose config.json has the names that most have. */
    static FamilyDraft usual(String name, String prefix) {
        return new FamilyDraft(name, prefix)
                .setting(Setting.LAYERS, "num_hidden_layers")
                .setting(Setting.HEADS, "num_attention_heads")
                .setting(Setting.D_MODEL, "hidden_size")
                .setting(Setting.D_MLP, "intermediate_size")
                .setting(Setting.D_VOCAB, "vocab_size")
                .setting(Setting.POSITIONS, "max_position_embeddings")
                .setting(Setting.ACTIVATION, "hidden_act");
    }

    /** Like another family but for what follows. */
    FamilyDraft(String name, Family like) {
        this(name, like.prefix());
        norm = like.norm();
        positions = like.positions();
        windows = like.windows();
        settings.putAll(like.settings());
        parts.putAll(like.parts());
        parallel = like.parallel();
        tied = like.tied();
        inputFirst = like.inputFirst();
        turned = like.turned();
        scaledEmbedding = like.scaledEmbedding();
        scoresByLayer = like.scoresByLayer();
        refused.addAll(like.refused());
        choices.addAll(like.choices());
    }

    FamilyDraft norm(Norm norm) {
        this.norm = norm;
        return this;
    }

    FamilyDraft positions(Positions positions) {
        this.positions = positions;
        return this;
    }

    FamilyDraft windows(Windows windows) {
        this.windows = windows;
        return this;
    }

    FamilyDraft setting(Setting setting, Key key) {
        settings.put(setting, key);
        return this;
    }

    FamilyDraft setting(Setting setting, String key) {
        return setting(setting, Key.of(key));
    }

    FamilyDraft parallel(Flag parallel) {
        this.parallel = parallel;
        return this;
    }

    /** @param otherwise whether models are tied whose file does not say */
    FamilyDraft tied(boolean otherwise) {
        this.tied = Flag.of("tie_word_embeddings", otherwise);
        return this;
    }

    FamilyDraft inputFirst() {
        inputFirst = true;
        return this;
    }

    FamilyDraft turned(Turned turned) {
        this.turned = turned;
        return this;
    }

    FamilyDraft scaledEmbedding() {
        scaledEmbedding = true;
        return this;
    }

    FamilyDraft scoresByLayer(Flag flag) {
        scoresByLayer = flag;
        return this;
    }

    FamilyDraft refuse(String key, boolean computed, String reason) {
        return refuse(key, Boolean.toString(computed), reason);
    }

    /** @param computed as JSON has it */
    FamilyDraft refuse(String key, String computed, String reason) {
        refused.add(new Refused(key, computed, reason));
        return this;
    }

    FamilyDraft choice(String key, String own, Map<String, Family> families) {
        choices.add(new Choice(key, own, families));
        return this;
    }

    FamilyDraft withoutRefused(String key) {
        refused.removeIf(it -> it.key().equals(key));
        return this;
    }

    /** A part without a bias, or a norm. */
    FamilyDraft part(Part part, String stem) {
        return part(part, stem, Flag.NEVER);
    }

    FamilyDraft part(Part part, String stem, Flag bias) {
        return part(part, stem, Flag.ALWAYS, bias);
    }

    FamilyDraft part(Part part, String stem, Flag there, Flag bias) {
        parts.put(part, new Place(stem, there, bias));
        return this;
    }

    FamilyDraft without(Setting gone) {
        settings.remove(gone);
        return this;
    }

    FamilyDraft without(Part... gone) {
        for (Part part : gone) parts.remove(part);
        return this;
    }

    Family family() {
        return new Family(
                name,
                prefix,
                norm,
                positions,
                windows,
                settings,
                parts,
                parallel,
                tied,
                inputFirst,
                turned,
                scaledEmbedding,
                scoresByLayer,
                refused,
                choices);
    }
}
