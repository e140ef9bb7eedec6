package dev.shunt.e2e.bench.plane;

import com.google.protobuf.ByteString;
import dev.shunt.v1.CertifyRequest;
import dev.shunt.v1.DistributionGrpc;
import dev.shunt.v1.IdentityGrpc;
import dev.shunt.v1.NodeHello;
import dev.shunt.v1.NodeMessage;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.concurrent.Callable;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The nodes of the benchmark. Ends with its standard input. */
@Command(name = "bench-nodes", hidden = true)
public final class NodesChildCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--nodes", required = true)
  private int nodes;

  @Option(names = "--port", required = true)
  private int port;

  @Option(names = "--ca", required = true)
  private Path ca;

  @Override
  public Integer call() throws IOException, GeneralSecurityException, OperatorCreationException {
    // not before: every command line makes an object of this class, and most never call it
    EventLoopGroup eventLoop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair keys = generator.generateKeyPair(); // one for all: making keys is not what is measured
    ByteString csr =
        ByteString.copyFrom(
            new JcaPKCS10CertificationRequestBuilder(
                    new X500Principal("CN=simulated"), keys.getPublic())
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
                .getEncoded());
    ManagedChannel anonymous = open(eventLoop, GrpcSslContexts.forClient());
    for (int node = 0; node < nodes; node++) {
      String name = SimulatedCluster.nodeName(node);
      X509Certificate[] chain = certify(anonymous, name, csr);
      connect(name, open(eventLoop, GrpcSslContexts.forClient().keyManager(identity(keys, chain))));
    }
    anonymous.shutdown();
    BufferedReader words =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    while (words.readLine() != null) { // whatever is said, all nodes have started by now
      spec.commandLine().getOut().println("started nodes=" + nodes + "\nend");
      spec.commandLine().getOut().flush();
    }
    return 0;
  }

  /** Not through a key store: its encryption takes a tenth of a second for each node. */
  private static AdvancedTlsX509KeyManager identity(KeyPair keys, X509Certificate[] chain) {
    AdvancedTlsX509KeyManager identity = new AdvancedTlsX509KeyManager();
    identity.updateIdentityCredentials(chain, keys.getPrivate());
    return identity;
  }

  private ManagedChannel open(EventLoopGroup eventLoop, SslContextBuilder ssl) throws IOException {
    return NettyChannelBuilder.forAddress("localhost", port)
        .eventLoopGroup(eventLoop)
        .channelType(EpollSocketChannel.class)
        .directExecutor()
        .sslContext(ssl.trustManager(ca.toFile()).protocols("TLSv1.3").build())
        .build();
  }

  private static X509Certificate[] certify(ManagedChannel channel, String node, ByteString csr)
      throws GeneralSecurityException {
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + node);
    String pem =
        IdentityGrpc.newBlockingStub(channel)
            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
            .certify(CertifyRequest.newBuilder().setNodeName(node).setCsr(csr).build())
            .getCertificateChain();
    return CertificateFactory.getInstance("X.509")
        .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))
        .toArray(new X509Certificate[0]);
  }

  private static void connect(String name, ManagedChannel channel) {
    SimulatedNode node = new SimulatedNode(name);
    StreamObserver<NodeMessage> out = DistributionGrpc.newStub(channel).stream(node);
    node.answerOn(out);
    out.onNext(NodeMessage.newBuilder().setHello(NodeHello.newBuilder().setNodeName(name)).build());
  }
}
