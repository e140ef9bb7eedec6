package dev.shunt.cli;

import dev.shunt.v1.ClusterGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.TimeUnit;

/**
 * A connection to a control plane for the time of one command. {@link #run} opens and closes it.
 */
final class ClusterSession implements AutoCloseable {
  private static final long CALL_SECONDS = 20;
  private static final int MESSAGE_BYTES_MAX = 64 * 1024 * 1024;
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private final ManagedChannel channel;
  private final Metadata headers = new Metadata();

  private ClusterSession(ManagedChannel channel, String token) {
    this.channel = channel;
    headers.put(AUTHORIZATION, "Bearer " + token);
  }

  /**
   * Runs a task against a control plane.
   *
   * @return the exit code of the task
   * @throws CommandException when it does not answer, or refuses the call
   */
  static int run(ClusterTarget target, ClusterTask task) {
    NodeSession.prepareLibraries();
    try (ClusterSession session = open(target)) {
      return task.run(session);
    } catch (StatusRuntimeException e) {
      throw failure(target, e);
    }
  }

  /** For calls that answer once. */
  ClusterGrpc.ClusterBlockingStub cluster() {
    return ClusterGrpc.newBlockingStub(channel)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
        .withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }

  private static ClusterSession open(ClusterTarget target) {
    try {
      String token = Files.readString(target.token()).strip();
      if (token.isEmpty() || !token.matches("[\\x21-\\x7e]+")) {
        throw new CannotRunException("read " + target.token() + " failed: no token in it");
      }
      return new ClusterSession(
          NettyChannelBuilder.forAddress(target.host(), target.port())
              .sslContext(
                  GrpcSslContexts.forClient()
                      .trustManager(target.ca().toFile())
                      .protocols("TLSv1.3")
                      .build())
              .maxInboundMessageSize(MESSAGE_BYTES_MAX)
              .build(),
          token);
    } catch (NoSuchFileException e) {
      throw new CannotRunException(
          "read " + target.token() + " failed: no such file (ENOENT/2)", e);
    } catch (IOException | IllegalArgumentException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new CannotRunException(
          "read %s and %s failed: %s".formatted(target.ca(), target.token(), cause.getMessage()),
          e);
    }
  }

  private static CommandException failure(ClusterTarget target, StatusRuntimeException e) {
    Status status = e.getStatus();
    String text = status.getDescription() == null ? status.toString() : status.getDescription();
    return switch (status.getCode()) {
      case INVALID_ARGUMENT -> new CommandException(ExitCode.USAGE, text, e);
      case NOT_FOUND -> new CommandException(ExitCode.NEGATIVE, text, e);
      case DEADLINE_EXCEEDED ->
          new CannotRunException(
              "ask control plane at %s failed: no answer within %d s (ETIMEDOUT/110)"
                  .formatted(target, CALL_SECONDS),
              e);
      case UNAVAILABLE ->
          new CannotRunException(
              "connect to control plane at %s failed: %s"
                  .formatted(target, NodeSession.firstCause(e, text)),
              e);
      default ->
          new CannotRunException("ask control plane at %s failed: %s".formatted(target, text), e);
    };
  }
}
