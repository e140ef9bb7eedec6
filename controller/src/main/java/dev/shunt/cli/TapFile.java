package dev.shunt.cli;

import dev.shunt.v1.TapPiece;
import dev.shunt.v1.TapTotals;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Set;

/** A tap as a pcapng file that nobody else can read. Not thread safe. */
final class TapFile implements TapOutput {
  private static final int BUFFER_BYTES = 128 * 1024;
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private final OutputStream out;
  private final PcapngWriter file;
  private final TapPackets packets;
  private long lost;

  private TapFile(OutputStream out) throws IOException {
    this.out = new BufferedOutputStream(out, BUFFER_BYTES);
    file = new PcapngWriter(this.out, "messages of connections that Shunt accelerates");
    packets = new TapPackets(file);
  }

  /**
   * Begins a file; one that is there is replaced.
   *
   * @param name {@code -} for standard output
   */
  static TapFile create(String name) throws IOException {
    return new TapFile(
        name.equals("-") ? new FileOutputStream(FileDescriptor.out) : open(Path.of(name)));
  }

  private static OutputStream open(Path path) throws IOException {
    FileAttribute<Set<PosixFilePermission>> mode = PosixFilePermissions.asFileAttribute(OWNER_ONLY);
    Set<StandardOpenOption> fresh = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try {
      return Channels.newOutputStream(Files.newByteChannel(path, fresh, mode));
    } catch (FileAlreadyExistsException there) {
      if (!Files.isRegularFile(path)) {
        return Files.newOutputStream(path, StandardOpenOption.WRITE); // a pipe: its maker's choice
      }
      Files.delete(path); // whoever has it open must not see what comes
      return Channels.newOutputStream(Files.newByteChannel(path, fresh, mode));
    }
  }

  @Override
  public boolean piece(TapPiece piece) throws IOException {
    packets.write(piece);
    return true;
  }

  @Override
  public boolean totals(TapTotals totals) throws IOException {
    if (totals.getLostMessages() != lost) {
      finish(totals);
    }
    return true;
  }

  @Override
  public void finish(TapTotals totals) throws IOException {
    lost = totals.getLostMessages();
    file.statistics(Instant.now(), totals.getMessages(), lost);
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
