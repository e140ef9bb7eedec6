package dev.shunt.datapath.symbols;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The compiled methods of a JVM, which has them written to a file when it is asked over its attach
 * socket, as {@code jcmd PID Compiler.perfmap} does (JDK 17 and later). Immutable.
 */
final class JvmSymbols {
  private static final Logger LOG = LoggerFactory.getLogger(JvmSymbols.class);
  private static final int ANSWER_BYTES = 4096;
  private static final Charset LATIN1 = StandardCharsets.ISO_8859_1;

  private JvmSymbols() {}

  /** How long a JVM may take to answer: the reader of samples waits for it. */
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  private static final String REQUEST = "1\0jcmd\0Compiler.perfmap\0\0\0";

  /** Asks the JVM, and reads what it wrote; empty when it tells nothing. Blocks for seconds. */
  static SymbolTable read(int pid) {
    Path process = Path.of("/proc", Integer.toString(pid));
    Optional<String> inner = innerPid(process);
    if (inner.isEmpty()) {
      return SymbolTable.EMPTY;
    }
    Path folder = process.resolve("root/tmp");
    Path socket = folder.resolve(".java_pid" + inner.get());
    Path map = folder.resolve("perf-" + inner.get() + ".map");
    // a link would lead out of the process's own files
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return SymbolTable.EMPTY;
    }
    boolean wasThere = Files.exists(map, LinkOption.NOFOLLOW_LINKS);
    if (listens(pid, socket)) {
      ask(socket);
    }
    if (!Files.isRegularFile(map, LinkOption.NOFOLLOW_LINKS)) {
      return SymbolTable.EMPTY;
    }
    SymbolTable methods = parse(map);
    if (!wasThere) {
      remove(map);
    }
    return methods;
  }

  private static void remove(Path map) {
    try {
      Files.deleteIfExists(map);
    } catch (IOException left) {
      LOG.debug("remove {} failed: {}", map, left.getMessage());
    }
  }

  /** Has it listen. What starts that is a signal that prints all threads where attaching is off. */
  private static boolean listens(int pid, Path socket) {
    if (Files.exists(socket)) {
      return true;
    }
    if (forbidsAttaching(pid)) {
      return false;
    }
    System.setProperty("sun.tools.attach.attachTimeout", Long.toString(TIMEOUT.toMillis()));
    try {
      VirtualMachine.attach(Integer.toString(pid)).detach();
      return true;
    } catch (AttachNotSupportedException | IOException | LinkageError refused) {
      LOG.debug("attach to JVM {} failed: {}", pid, refused.getMessage());
      return false;
    }
  }

  private static boolean forbidsAttaching(int pid) {
    for (String file : new String[] {"cmdline", "environ"}) {
      try {
        if (Files.readString(Path.of("/proc", Integer.toString(pid), file), LATIN1)
            .contains("+DisableAttachMechanism")) {
          return true;
        }
      } catch (IOException ended) {
        return true;
      }
    }
    return false;
  }

  /** As the process itself counts: the last of the ids in the namespaces that it is in. */
  private static Optional<String> innerPid(Path process) {
    try (Stream<String> lines = Files.lines(process.resolve("status"))) {
      return lines
          .filter(line -> line.startsWith("NSpid:"))
          .map(line -> line.substring(line.lastIndexOf('\t') + 1).strip())
          .findFirst();
    } catch (IOException ended) {
      return Optional.empty();
    }
  }

  /**
   * Protocol 1 of attachListener_linux.cpp: version, command and three arguments. Whoever listens
   * there may be no JVM, so it is not waited for without end.
   */
  private static void ask(Path socket) {
    long deadline = System.nanoTime() + TIMEOUT.toNanos();
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        Selector selector = Selector.open()) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ);
      channel.write(ByteBuffer.wrap(REQUEST.getBytes(StandardCharsets.US_ASCII)));
      ByteBuffer answer = ByteBuffer.allocate(ANSWER_BYTES);
      long left = TIMEOUT.toMillis();
      while (left > 0 && channel.read(answer.clear()) >= 0) {
        selector.select(left);
        left = (deadline - System.nanoTime()) / 1_000_000;
      }
    } catch (IOException refused) {
      LOG.debug("ask {} for its methods failed: {}", socket, refused.getMessage());
    }
  }

  /** Lines of start, size and name. */
  static SymbolTable parse(Path map) {
    List<SymbolTable.Symbol> symbols = new ArrayList<>();
    try (Stream<String> lines = Files.lines(map, StandardCharsets.UTF_8)) {
      lines.forEach(
          line -> {
            String[] words = line.split(" ", 3);
            if (words.length == 3 && words[0].matches("(0x)?[0-9a-f]+")) {
              symbols.add(
                  new SymbolTable.Symbol(
                      Long.parseUnsignedLong(words[0].replace("0x", ""), 16),
                      Long.parseUnsignedLong(words[1].replace("0x", ""), 16),
                      words[2]));
            }
          });
    } catch (IOException | RuntimeException unreadable) {
      LOG.debug("read {} failed: {}", map, unreadable.getMessage());
    }
    return new SymbolTable(symbols);
  }
}
