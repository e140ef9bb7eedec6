package dev.shunt.cluster.identity;

import dev.shunt.cluster.PlaneBed;
import dev.shunt.v1.CertifyResponse;
import dev.shunt.v1.DistributionGrpc;
import dev.shunt.v1.NodeMessage;
import dev.shunt.v1.PlaneMessage;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.jspecify.annotations.Nullable;

/** Somebody who calls a control plane, rightly or not. */
final class Caller implements AutoCloseable {
  private static final long ANSWER_SECONDS = 20;

  private final PlaneBed bed;
  private final List<ManagedChannel> channels = new ArrayList<>();

  Caller(PlaneBed bed) {
    this.bed = bed;
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
  }

  /** Without a certificate. */
  ManagedChannel channel() {
    return channelOver("TLSv1.3");
  }

  ManagedChannel channelOver(String protocol) {
    return open(GrpcSslContexts.forClient().protocols(protocol));
  }

  ManagedChannel channel(Authority.Credentials identity) {
    return open(
        GrpcSslContexts.forClient()
            .protocols("TLSv1.3")
            .keyManager(identity.key(), identity.certificate(), bed.authority().certificate()));
  }

  private ManagedChannel open(SslContextBuilder ssl) {
    try {
      ManagedChannel channel =
          NettyChannelBuilder.forAddress("localhost", bed.port())
              .sslContext(ssl.trustManager(bed.caFile().toFile()).build())
              .build();
      channels.add(channel);
      return channel;
    } catch (SSLException e) {
      throw new IllegalStateException(e);
    }
  }

  static ClientInterceptor bearer(String token) {
    Metadata headers = new Metadata();
    if (!token.isEmpty()) {
      headers.put(
          Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
    }
    return MetadataUtils.newAttachHeadersInterceptor(headers);
  }

  static KeyPair keys() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  static byte[] csr() throws Exception {
    KeyPair keys = keys();
    return new JcaPKCS10CertificationRequestBuilder(
            new X500Principal("CN=other-node"), keys.getPublic())
        .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
        .getEncoded();
  }

  static X509Certificate certificate(CertifyResponse answer) throws Exception {
    byte[] pem = answer.getCertificateChain().getBytes(StandardCharsets.US_ASCII);
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(pem))
            .iterator()
            .next();
  }

  /** A stream and what came back on it. */
  static final class Stream implements StreamObserver<PlaneMessage> {
    private final List<PlaneMessage> messages = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Status> end = new CompletableFuture<>();
    private @Nullable StreamObserver<NodeMessage> out;

    void send(NodeMessage message) {
      Objects.requireNonNull(out, "the call has not begun").onNext(message);
    }

    List<PlaneMessage> messages() {
      return messages;
    }

    /** How the server ended it. */
    Status failure() {
      return end.orTimeout(ANSWER_SECONDS, TimeUnit.SECONDS).join();
    }

    @Override
    public void onNext(PlaneMessage message) {
      messages.add(message);
    }

    @Override
    public void onError(Throwable cause) {
      end.complete(Status.fromThrowable(cause));
    }

    @Override
    public void onCompleted() {
      end.complete(Status.OK);
    }
  }

  Stream stream(ManagedChannel channel, NodeMessage first) {
    Stream stream = new Stream();
    stream.out = DistributionGrpc.newStub(channel).stream(stream);
    stream.send(first);
    return stream;
  }

  /** Sends bytes as a message of the stream; returns how the server ended it. */
  Status sendBytes(ManagedChannel channel, String text) {
    MethodDescriptor<byte[], byte[]> method =
        MethodDescriptor.newBuilder(new Bytes(), new Bytes())
            .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
            .setFullMethodName(DistributionGrpc.getStreamMethod().getFullMethodName())
            .build();
    CompletableFuture<Status> end = new CompletableFuture<>();
    ClientCall<byte[], byte[]> call = channel.newCall(method, CallOptions.DEFAULT);
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onClose(Status status, Metadata trailers) {
            end.complete(status);
          }
        },
        new Metadata());
    call.sendMessage(text.getBytes(StandardCharsets.UTF_8));
    call.request(1);
    return end.orTimeout(ANSWER_SECONDS, TimeUnit.SECONDS).join();
  }

  /** Bytes as they are. */
  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      return new byte[0];
    }
  }
}
