package io.circuitscript.runtime.value;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RoundedTextTest {
    @ParameterizedTest
    @CsvSource({
        "0.8992236117200783, 0.89922",
        "12.160539689718886, 12.161",
        "-0.0479, -0.0479",
        "0.00001234567, 0.000012346",
        "1.491615920251036e-17, 1.4916e-17",
        "123456.789, 123460",
        "932864, 932864",
        "-0.0, 0",
        "1e20, 1e20",
        "0.999999, 1",
        "NaN, NaN"
    })
    void keepsFiveDigits(double value, String expected) {
        assertEquals(expected, RoundedText.of(value));
    }
}
