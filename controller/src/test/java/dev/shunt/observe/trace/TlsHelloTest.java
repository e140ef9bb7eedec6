package dev.shunt.observe.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Hellos as they are on the wire, whole, cut off and hostile. */
class TlsHelloTest {
  private static final String RANDOM = "00".repeat(32);

  private static ByteBuffer bytes(String hex) {
    return ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  private static String sized(int lengthBytes, String hex) {
    String packed = hex.replace(" ", "");
    return String.format("%0" + 2 * lengthBytes + "x", packed.length() / 2) + packed;
  }

  private static String clientHello(String extensions) {
    String body =
        "0303"
            + RANDOM
            + sized(1, "aabb")
            + sized(2, "1301c02f")
            + sized(1, "00")
            + sized(2, extensions);
    return "01" + sized(3, body);
  }

  private static String serverHello(String version, String extensions) {
    return "02" + sized(3, version + RANDOM + sized(1, "") + "1301" + "00" + sized(2, extensions));
  }

  private static String serverName(String name) {
    String hex = HexFormat.of().formatHex(name.getBytes(StandardCharsets.ISO_8859_1));
    return "0000" + sized(2, sized(2, "00" + sized(2, hex)));
  }

  @Test
  void clientHello_withName_tellsIt() {
    String other = "0017" + sized(2, "");

    assertThat(TlsHello.parse(bytes(clientHello(other + serverName("shop.example")))))
        .contains(new TlsHello(true, "", "shop.example"));
    assertThat(TlsHello.parse(bytes(clientHello(other)))).contains(new TlsHello(true, "", ""));
  }

  @ParameterizedTest
  @CsvSource({"0301, TLSv1.0", "0302, TLSv1.1", "0303, TLSv1.2"})
  void serverHello_ofOldVersion_tellsItsField(String field, String version) {
    assertThat(TlsHello.parse(bytes(serverHello(field, ""))))
        .contains(new TlsHello(false, version, ""));
  }

  @Test
  void serverHello_withVersionExtension_tellsThat() {
    assertThat(TlsHello.parse(bytes(serverHello("0303", "0033000400170000" + "002b00020304"))))
        .contains(new TlsHello(false, "TLSv1.3", ""));
  }

  @Test
  void name_withBytesOfATerminal_isMadeHarmless() {
    assertThat(TlsHello.parse(bytes(clientHello(serverName("a\u001b[31mb\nc")))))
        .contains(new TlsHello(true, "", "a??31mb?c"));
  }

  @Test
  void hello_cutOffAnywhere_tellsWhatIsThere() {
    byte[] whole = bytes(clientHello(serverName("shop.example"))).array();
    for (int length = 1; length < whole.length; length++) {
      assertThat(TlsHello.parse(ByteBuffer.wrap(whole, 0, length)))
          .as("first %d bytes", length)
          .contains(new TlsHello(true, "", ""));
    }
  }

  @Test
  void bytes_ofAnythingElse_areNoHelloAndNeverThrow() {
    assertThat(TlsHello.parse(ByteBuffer.allocate(0))).isEmpty();
    assertThat(TlsHello.parse(bytes("0b000000"))).isEmpty();
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      byte[] any = new byte[random.nextInt(200) + 1];
      random.nextBytes(any);
      any[0] = (byte) (1 + i % 2);
      assertThatCode(() -> TlsHello.parse(ByteBuffer.wrap(any))).doesNotThrowAnyException();
    }
  }

  @Test
  void hellos_ofOneHandshake_addUp() {
    TlsConnection.Hello client =
        TlsConnection.Hello.NONE.with(new TlsHello(true, "", "shop.example"));
    TlsConnection.Hello both = client.with(new TlsHello(false, "TLSv1.3", ""));

    assertThat(both).isEqualTo(new TlsConnection.Hello("TLSv1.3", "shop.example"));
    assertThat(both.with(new TlsHello(true, "", "next.example")).version()).isEmpty();
  }

  @Test
  void alert_withAndWithoutName_isTold() {
    TlsConnection failed =
        new TlsConnection(
            TlsConnection.State.FAILED,
            TlsConnection.Side.CLIENT,
            TlsConnection.Hello.NONE,
            Optional.empty(),
            new TlsConnection.Traffic(0, 0, 0, 0),
            Optional.of(48));

    assertThat(failed.alertName()).isEqualTo("unknown_ca");
  }
}
