package dev.shunt.publish.otlp;

import dev.shunt.publish.otlp.OtlpSender.Call;
import dev.shunt.publish.otlp.SendResult.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The connection to a collector: made with the first call, and anew when the last one failed or a
 * file that it was made of has changed. One thread; closed by whoever made it.
 */
final class OtlpConnection implements AutoCloseable {
  private final OtlpConfig config;
  private @Nullable Open open;

  OtlpConnection(OtlpConfig config) {
    this.config = config;
  }

  private record Open(OtlpSender sender, TlsFiles.Stamp madeOf) {}

  /** Makes a call that takes no longer than this. */
  SendResult send(Duration patience, BiFunction<OtlpSender, Call, SendResult> export) {
    try {
      Optional<Path> file = config.files().headers();
      OtlpHeaders headers = file.isPresent() ? OtlpHeaders.read(file.get()) : OtlpHeaders.NONE;
      SendResult result = export.apply(sender(), new Call(headers, patience));
      if (result.outcome() == Outcome.LATER || result.outcome() == Outcome.SILENT) {
        close(); // names may have changed
      }
      return result;
    } catch (IOException unreadable) {
      return SendResult.later(String.valueOf(unreadable.getMessage()));
    }
  }

  private OtlpSender sender() throws IOException {
    TlsFiles.Stamp now = TlsFiles.stamp(config.files()); // before they are read
    if (open != null && !open.madeOf().equals(now)) {
      close();
    }
    Open current = open == null ? new Open(OtlpSender.open(config), now) : open;
    open = current;
    return current.sender();
  }

  @Override
  public void close() {
    if (open != null) {
      open.sender().close();
      open = null;
    }
  }
}
