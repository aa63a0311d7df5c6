package io.circuitscript.runtime.statements;

import io.circuitscript.model.tokenizer.TokenList;
import io.circuitscript.model.tokenizer.Tokenizer;
import io.circuitscript.runtime.state.State;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import io.circuitscript.task.LabelTokens;
import java.util.List;

/** Reads the clean and the corrupted text that a statement takes itself, as token ids. */
final class PairedTexts {
    private PairedTexts() {}

    /** @throws UserError where the corrupted text is not as many tokens long as the clean one */
    static int[] ids(State.Model model, int[] clean, String corrupted) {
        int[] ids = Predict.ids(model, corrupted);
        if (ids.length == clean.length) return ids;
        throw new UserError(
                UserError.Kind.INPUT,
                ErrorCode.DATA_UNEQUAL_LENGTHS,
                "the clean text has " + clean.length + " tokens and the corrupted one " + ids.length,
                List.of(
                        "clean:     " + TokenList.show(model.tokenizer(), clean),
                        "corrupted: " + TokenList.show(model.tokenizer(), ids)),
                "word both texts so that they have the same number of tokens; tokens \"…\" shows how a text is tokenized");
    }

    static int oneToken(State state, String text) {
        Tokenizer tokenizer = state.model().tokenizer();
        Tokenizer.Label label = tokenizer.label(text);
        int[] ids = label.ids();
        if (label.spaceAdded()) state.say(LabelTokens.spaceAdded(List.of(text)));
        if (ids.length == 1) return ids[0];
        throw new UserError(
                UserError.Kind.INPUT,
                ErrorCode.NOT_ONE_TOKEN,
                "\"" + text
                        + (ids.length == 0
                                ? "\" is not a token of this tokenizer"
                                : "\" is " + ids.length + " tokens, and exactly one is needed"),
                List.of("its tokens: " + TokenList.show(tokenizer, ids)),
                "most words are one token with the space in front: \" Mary\"");
    }
}
