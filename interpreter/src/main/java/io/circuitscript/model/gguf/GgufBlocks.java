package io.circuitscript.model.gguf;

/**
 * Quantized blocks as 32-bit floats: the same sums and products in the same order as llama.cpp's Python package has them, so that every bit is the
 * same. Loops over a block have a fixed length and no branches, which lets Java's compiler vectorize them.
 */
public final class GgufBlocks {
    private GgufBlocks() {}

    /** Whether elements of a type are decoded here. */
    public static boolean decodes(GgufType type) {
        return switch (type) {
            case Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K -> true;
            default -> false;
        };
    }

    /** Decodes so many blocks from the beginning of an array to that of another. */
    public static void decode(GgufType type, byte[] in, int blocks, float[] out) {
        for (int block = 0; block < blocks; block++) {
            int from = block * type.size();
            int to = block * type.block();
            switch (type) {
                case Q4_0 -> q4(in, from + 2, half(in, from), out, to);
                case Q4_1 -> q4(in, from + 4, half(in, from), half(in, from + 2), out, to);
                case Q5_0 -> q5(in, from + 2, half(in, from), out, to);
                case Q5_1 -> q5(in, from + 4, half(in, from), half(in, from + 2), out, to);
                case Q8_0 -> q8(in, from, out, to);
                case Q2_K -> q2k(in, from, out, to);
                case Q3_K -> q3k(in, from, out, to);
                case Q4_K -> q4k(in, from, out, to);
                case Q5_K -> q5k(in, from, out, to);
                case Q6_K -> q6k(in, from, out, to);
                default -> throw new IllegalArgumentException(type + " is not decoded");
            }
        }
    }

    /** Whether what so many blocks decode to is finite: it is where their scales are, since no product of these is beyond a float's range. */
    public static boolean areFinite(GgufType type, byte[] in, int blocks) {
        int[] scales = scales(type);
        for (int block = 0; block < blocks; block++) {
            for (int scale : scales) {
                int at = block * type.size() + scale;
                if ((in[at + 1] & 0x7C) == 0x7C) return false;
            }
        }
        return true;
    }

    /** Where a block has its scales of 16-bit floats. */
    private static int[] scales(GgufType type) {
        return switch (type) {
            case Q4_0, Q5_0, Q8_0 -> new int[] {0};
            case Q4_1, Q5_1, Q4_K, Q5_K -> new int[] {0, 2};
            case Q2_K -> new int[] {80, 82};
            case Q3_K -> new int[] {108};
            case Q6_K -> new int[] {208};
            default -> throw new IllegalArgumentException(type + " is not decoded");
        };
    }

    private static float half(byte[] in, int at) {
        return Float.float16ToFloat((short) (in[at] & 0xFF | in[at + 1] << 8));
    }

    /** 16 bytes of two elements each: the lower halves are the first 16. */
    private static void q4(byte[] in, int from, float scale, float[] out, int to) {
        for (int i = 0; i < 16; i++) out[to + i] = scale * ((in[from + i] & 0xF) - 8);
        for (int i = 0; i < 16; i++) out[to + 16 + i] = scale * ((in[from + i] >> 4 & 0xF) - 8);
    }

    private static void q4(byte[] in, int from, float scale, float min, float[] out, int to) {
        for (int i = 0; i < 16; i++) out[to + i] = scale * (in[from + i] & 0xF) + min;
        for (int i = 0; i < 16; i++) out[to + 16 + i] = scale * (in[from + i] >> 4 & 0xF) + min;
    }

    /** The fifth bits of all elements, then their four others as {@link #q4} has them. */
    private static void q5(byte[] in, int from, float scale, float[] out, int to) {
        int high = int32(in, from);
        int low = from + 4;
        for (int i = 0; i < 16; i++) out[to + i] = scale * ((in[low + i] & 0xF | (high >>> i & 1) << 4) - 16);
        for (int i = 0; i < 16; i++) {
            out[to + 16 + i] = scale * ((in[low + i] >> 4 & 0xF | (high >>> 16 + i & 1) << 4) - 16);
        }
    }

    private static void q5(byte[] in, int from, float scale, float min, float[] out, int to) {
        int high = int32(in, from);
        int low = from + 4;
        for (int i = 0; i < 16; i++) out[to + i] = scale * (in[low + i] & 0xF | (high >>> i & 1) << 4) + min;
        for (int i = 0; i < 16; i++) {
            out[to + 16 + i] = scale * (in[low + i] >> 4 & 0xF | (high >>> 16 + i & 1) << 4) + min;
        }
    }

    private static int int32(byte[] in, int at) {
        return in[at] & 0xFF | (in[at + 1] & 0xFF) << 8 | (in[at + 2] & 0xFF) << 16 | in[at + 3] << 24;
    }

    private static void q8(byte[] in, int from, float[] out, int to) {
        float scale = half(in, from);
        for (int i = 0; i < 32; i++) out[to + i] = in[from + 2 + i] * scale;
    }

    /** 16 groups of 16, each with a scale and a minimum of four bits; two bits an element, every 32nd element of a half in one byte. */
    private static void q2k(byte[] in, int from, float[] out, int to) {
        float d = half(in, from + 80);
        float min = half(in, from + 82);
        for (int group = 0; group < 16; group++) {
            float scale = d * (in[from + group] & 0xF);
            float less = min * (in[from + group] >> 4 & 0xF);
            int low = from + 16 + group / 8 * 32 + group % 2 * 16;
            int shift = group / 2 % 4 * 2;
            int first = to + 16 * group;
            for (int i = 0; i < 16; i++) out[first + i] = scale * (in[low + i] >> shift & 3) - less;
        }
    }

    /** As {@link #q2k}, without minimums, and with a third bit, whose absence takes four away. */
    private static void q3k(byte[] in, int from, float[] out, int to) {
        float d = half(in, from + 108);
        for (int group = 0; group < 16; group++) {
            int low4 = in[from + 96 + group % 8] >> group / 8 * 4 & 0xF;
            int high2 = in[from + 104 + group % 4] >> group / 4 * 2 & 3;
            float scale = d * ((low4 | high2 << 4) - 32);
            int low = from + 32 + group / 8 * 32 + group % 2 * 16;
            int shift = group / 2 % 4 * 2;
            int high = from + group % 2 * 16;
            int bit = group / 2;
            int first = to + 16 * group;
            for (int i = 0; i < 16; i++) {
                out[first + i] = scale * ((in[low + i] >> shift & 3) - ((in[high + i] >> bit & 1 ^ 1) << 2));
            }
        }
    }

    /** The scale, or the minimum, of one of eight groups: six bits each in twelve bytes. */
    private static int six(byte[] in, int from, int group, boolean min) {
        int own = from + (min ? 4 : 0) + group % 4;
        if (group < 4) return in[own] & 0x3F;
        int four = in[from + 4 + group] >> (min ? 4 : 0) & 0xF;
        return four | in[own] >> 2 & 0x30;
    }

    private static void q4k(byte[] in, int from, float[] out, int to) {
        float d = half(in, from);
        float min = half(in, from + 2);
        for (int group = 0; group < 8; group++) {
            float scale = d * six(in, from + 4, group, false);
            float less = min * six(in, from + 4, group, true);
            int low = from + 16 + group / 2 * 32;
            int shift = group % 2 * 4;
            int first = to + 32 * group;
            for (int i = 0; i < 32; i++) out[first + i] = scale * (in[low + i] >> shift & 0xF) - less;
        }
    }

    /** As {@link #q4k}, with a fifth bit. */
    private static void q5k(byte[] in, int from, float[] out, int to) {
        float d = half(in, from);
        float min = half(in, from + 2);
        for (int group = 0; group < 8; group++) {
            float scale = d * six(in, from + 4, group, false);
            float less = min * six(in, from + 4, group, true);
            int high = from + 16;
            int low = from + 48 + group / 2 * 32;
            int shift = group % 2 * 4;
            int bit = group;
            int first = to + 32 * group;
            for (int i = 0; i < 32; i++) {
                int q = in[low + i] >> shift & 0xF | (in[high + i] >> bit & 1) << 4;
                out[first + i] = scale * q - less;
            }
        }
    }

    private static void q6k(byte[] in, int from, float[] out, int to) {
        float d = half(in, from + 208);
        for (int group = 0; group < 16; group++) {
            float scale = d * in[from + 192 + group];
            int within = group % 8 * 16; // of a half's 128 elements
            int low = from + group / 8 * 64 + within % 64;
            int shift = within / 64 * 4;
            int high = from + 128 + group / 8 * 32 + within % 32;
            int highShift = within / 32 * 2;
            int first = to + 16 * group;
            for (int i = 0; i < 16; i++) {
                int q = (in[low + i] >> shift & 0xF | (in[high + i] >> highShift & 3) << 4) - 32;
                out[first + i] = scale * q;
            }
        }
    }
}
