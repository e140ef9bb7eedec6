package dev.shunt.e2e.scene;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The gRPC application of a pod: a JVM with grpc-java on Netty, one event loop. One thread; {@link
 * #close} stops it.
 */
public final class GrpcApp implements AutoCloseable {
  /** Where it listens, as the HTTP application does. */
  public static final int PORT = NginxApp.PORT;

  /**
   * Root inside its pod: the class path may be below a home directory that nobody else may enter.
   */
  private static final int UID = 0;

  private static final Duration START_LIMIT = Duration.ofSeconds(30);

  private final SceneProcess process;

  private GrpcApp(SceneProcess process) {
    this.process = process;
  }

  /**
   * Starts the application; {@link #awaitReady} then waits for its listener.
   *
   * @param bodyBytes size of the message in each reply
   */
  public static GrpcApp start(Pod pod, int bodyBytes) {
    return start(pod, bodyBytes, InetAddress.getLoopbackAddress().getHostAddress());
  }

  /** As the other one, on every address of the pod, IPv4 and IPv6. */
  public static GrpcApp startOpen(Pod pod, int bodyBytes) {
    return start(pod, bodyBytes, "::");
  }

  private static GrpcApp start(Pod pod, int bodyBytes, String address) {
    List<String> argv =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            // the second compiler would still be changing the code during the first rounds
            "-XX:TieredStopAtLevel=1",
            "-Xmx256m",
            "-Dio.netty.eventLoopThreads=1",
            "-cp",
            System.getProperty("java.class.path"),
            GrpcAppServer.class.getName(),
            Integer.toString(PORT),
            Integer.toString(bodyBytes),
            address);
    return new GrpcApp(pod.start("app", UID, argv));
  }

  /** Waits until the listener is there. */
  public void awaitReady() {
    process.awaitListening(PORT, START_LIMIT);
  }

  public SceneProcess process() {
    return process;
  }

  @Override
  public void close() {
    process.close();
  }
}
