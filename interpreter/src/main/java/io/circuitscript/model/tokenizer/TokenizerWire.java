package io.circuitscript.model.tokenizer;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** How a session and the process that runs its tokenizer write to each other what they ask and answer. */
final class TokenizerWire {
    /** A name for messages and the text of a tokenizer.json follow. */
    static final int OPEN = 'o';

    /** A text follows. */
    static final int ENCODE = 'e';

    /** A text follows, of whose tokens the characters are wanted too. */
    static final int ENCODE_WITH_TEXTS = 't';

    /** Ids follow. */
    static final int DECODE = 'd';

    /** The answer follows. */
    static final int DONE = 0;

    /** There is none. */
    static final int NOTHING = 1;

    /** An error follows. */
    static final int REFUSED = 2;

    private TokenizerWire() {}

    static void bytes(DataOutputStream to, byte[] bytes) throws IOException {
        to.writeInt(bytes.length);
        to.write(bytes);
    }

    static byte[] bytes(DataInputStream from) throws IOException {
        byte[] bytes = new byte[from.readInt()];
        from.readFully(bytes);
        return bytes;
    }

    /** As it is, with halves of characters too. */
    static void text(DataOutputStream to, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(2 * text.length());
        bytes.asCharBuffer().put(text);
        bytes(to, bytes.array());
    }

    static String text(DataInputStream from) throws IOException {
        return ByteBuffer.wrap(bytes(from)).asCharBuffer().toString();
    }

    static void ids(DataOutputStream to, int[] ids) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(4 * ids.length);
        bytes.asIntBuffer().put(ids);
        bytes(to, bytes.array());
    }

    static int[] ids(DataInputStream from) throws IOException {
        var read = ByteBuffer.wrap(bytes(from)).asIntBuffer();
        int[] ids = new int[read.remaining()];
        read.get(ids);
        return ids;
    }

    static void texts(DataOutputStream to, TokenTexts texts) throws IOException {
        ids(to, texts.ids());
        ids(to, texts.starts());
        ids(to, texts.ends());
    }

    static TokenTexts texts(DataInputStream from) throws IOException {
        return new TokenTexts(ids(from), ids(from), ids(from));
    }

    static void error(DataOutputStream to, UserError error) throws IOException {
        text(to, error.kind().name());
        text(to, error.code().name());
        text(to, error.getMessage());
        to.writeInt(error.notes().size());
        for (String note : error.notes()) text(to, note);
        text(to, error.help());
    }

    static UserError error(DataInputStream from) throws IOException {
        UserError.Kind kind = UserError.Kind.valueOf(text(from));
        ErrorCode code = ErrorCode.valueOf(text(from));
        String message = text(from);
        List<String> notes = new ArrayList<>();
        for (int left = from.readInt(); left > 0; left--) notes.add(text(from));
        return new UserError(kind, code, message, notes, text(from));
    }
}
