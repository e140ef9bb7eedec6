package dev.shunt.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code shunt tap}: what accelerated connections say, as packets that Wireshark reads. */
@Command(
    name = "tap",
    description = "Show or write what accelerated connections send, until interrupted.",
    footer =
        "%nAll filters must match; either end of a connection counts. Example:%n"
            + "  shunt tap --port 8080 -w - | tshark -r -%n"
            + "With -o json: one object a line, payload in base64.")
public final class TapCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private NodeOption node;
  @Mixin private OutputOption output;
  @Mixin private TrafficOption traffic;

  @Option(names = "--conn", paramLabel = "COOKIE", description = "Socket cookie of either end.")
  private String cookie = "0";

  @Option(names = "--exe", paramLabel = "FILE", description = "Executable of either end.")
  private String executable = "";

  @Option(
      names = {"-w", "--write"},
      paramLabel = "FILE",
      description = "Write pcapng to this file, mode 0600; '-' for standard output.")
  private String file = "";

  @Option(
      names = "--snaplen",
      paramLabel = "BYTES",
      defaultValue = "262144",
      description = "Most bytes of a message, 1..1048576 (default: ${DEFAULT-VALUE}).")
  private int snapBytes;

  @Option(
      names = "--sample",
      paramLabel = "1/N",
      defaultValue = "1/1",
      description = "One connection of N, with all its messages (default: ${DEFAULT-VALUE}).")
  private String sample = "1/1";

  @Option(
      names = "--buffer",
      paramLabel = "BYTES",
      defaultValue = "8388608",
      description =
          "Kernel memory for what waits to be read, 65536..268435456 (default: ${DEFAULT-VALUE}).")
  private int bufferBytes;

  @Override
  public Integer call() {
    if (file.equals("-") && !output.output(spec).isText()) {
      throw wrong("-w -: standard output has the packets; leave out -o");
    }
    TapReport.Wish wish =
        new TapReport.Wish(
            new TapReport.Filter(
                traffic.port(spec),
                cookie(),
                traffic.namespace(),
                traffic.cgroup(spec),
                executable),
            new TapReport.Volume(sample(), positive("--snaplen", snapBytes), bufferBytes),
            traffic.seconds(spec));
    TapReport report = new TapReport(output.output(spec), spec, wish, file);
    return node.ask(spec, report::write);
  }

  private long cookie() {
    try {
      return Long.parseUnsignedLong(cookie);
    } catch (NumberFormatException e) {
      throw wrong("--conn: '" + cookie + "' (expected: a cookie, as 'shunt connections' lists it)");
    }
  }

  private int sample() {
    if (!sample.matches("1/[1-9]\\d{0,6}")) {
      throw wrong("--sample: '" + sample + "' (expected: 1/N, N up to 1000000)");
    }
    return Integer.parseInt(sample.substring(2));
  }

  private int positive(String option, int value) {
    if (value < 1) {
      throw wrong(option + ": " + value + " (expected: 1 or more)");
    }
    return value;
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
