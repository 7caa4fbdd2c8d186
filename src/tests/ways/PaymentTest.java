// What a user's tests look like with the extension for JUnit 5: each has a space of its own.
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(StandinExtension.class)
class PaymentTest {
    @Test
    void oneArmsAFailure(StandinExtension.Space standin) throws Exception {
        standin.control("POST", "faults", "{\"text\":\"status 503 on surface=payments as down\"}");
        assertTrue(standin.control("GET", "faults", null).contains("\"down\""));
    }

    @Test
    void theOtherDoesNotSeeIt(StandinExtension.Space standin) throws Exception {
        assertFalse(standin.control("GET", "faults", null).contains("\"down\""));
    }

    @Test
    void aRefusalIsAnExceptionWithTheServersWords(StandinExtension.Space standin) {
        var refused = assertThrows(IOException.class, () -> standin.control("POST", "faults", "{\"text\":\"explode\"}"));
        assertTrue(refused.getMessage().contains("explode"), refused.getMessage());
    }
}
