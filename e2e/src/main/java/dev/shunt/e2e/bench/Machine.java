package dev.shunt.e2e.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where and when a benchmark ran. Immutable.
 *
 * @param cpu model name
 * @param cores that the JVM may use
 * @param memoryMebibytes of the machine
 * @param kernel release
 * @param java version
 * @param shunt version of this build
 * @param time when it began, UTC
 */
public record Machine(
    String cpu,
    int cores,
    long memoryMebibytes,
    String kernel,
    String java,
    String shunt,
    Instant time) {
  /** Reads /proc (proc(5)); what cannot be read is called unknown. */
  public static Machine here(String shuntVersion) {
    return new Machine(
        field(Path.of("/proc/cpuinfo"), "model name"),
        Runtime.getRuntime().availableProcessors(),
        kibibytes(field(Path.of("/proc/meminfo"), "MemTotal")) >> 10,
        System.getProperty("os.version", "unknown"),
        System.getProperty("java.version", "unknown"),
        shuntVersion,
        Instant.now().truncatedTo(ChronoUnit.SECONDS));
  }

  /** As reports hold it. */
  public Map<String, Object> document() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("cpu", cpu);
    document.put("cores", cores);
    document.put("memory_mib", memoryMebibytes);
    document.put("kernel", kernel);
    document.put("java", java);
    document.put("shunt", shunt);
    document.put("time", time.toString());
    return document;
  }

  private static String field(Path file, String name) {
    try {
      return Files.readAllLines(file).stream()
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    } catch (IOException e) {
      return "unknown";
    }
  }

  private static long kibibytes(String text) {
    String digits = text.replaceAll("\\D", "");
    return digits.isEmpty() ? 0 : Long.parseLong(digits);
  }
}
