package io.kubeserve.metrics.servlet;

import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.api.ServletContainer;
import io.undertow.servlet.api.ServletContainerInitializerInfo;
import io.undertow.servlet.util.ImmediateInstanceHandle;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.Tomcat;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.xnio.Options;

/** The real servlet containers that the same application runs in. */
enum Container {
  JETTY {
    @Override
    RunningServer start(String contextPath, Application application) throws Exception {
      Server server = new Server(new QueuedThreadPool(THREADS));
      ServerConnector connector = new ServerConnector(server);
      connector.setHost("127.0.0.1");
      connector.setAcceptedSendBufferSize(SEND_BUFFER_BYTES);
      server.addConnector(connector);
      ServletContextHandler context =
          new ServletContextHandler(contextPath.isEmpty() ? "/" : contextPath);
      context.addServletContainerInitializer(
          (classes, servlets) -> application.configure(servlets));
      server.setHandler(context);
      server.start();
      return new RunningServer(connector.getLocalPort(), contextPath, server::stop);
    }
  },

  TOMCAT {
    @Override
    RunningServer start(String contextPath, Application application) throws Exception {
      Tomcat tomcat = new Tomcat();
      tomcat.setBaseDir(temporaryFolder().toString());
      tomcat.setPort(0);
      tomcat.getConnector().setProperty("address", "127.0.0.1");
      tomcat.getConnector().setProperty("connectionTimeout", "2000");
      tomcat.getConnector().setProperty("socket.txBufSize", Integer.toString(SEND_BUFFER_BYTES));
      tomcat.getConnector().setProperty("maxThreads", Integer.toString(THREADS));
      tomcat.getConnector().setProperty("maxKeepAliveRequests", "-1");
      Context context = tomcat.addContext(contextPath, null);
      context.addServletContainerInitializer(
          (classes, servlets) -> application.configure(servlets), Set.of());
      tomcat.start();
      if (!context.getState().isAvailable()) {
        stop(tomcat);
        throw new ServletException("the context did not start");
      }
      return new RunningServer(
          tomcat.getConnector().getLocalPort(), contextPath, () -> stop(tomcat));
    }
  },

  UNDERTOW {
    @Override
    RunningServer start(String contextPath, Application application) throws Exception {
      DeploymentInfo info =
          Servlets.deployment()
              .setClassLoader(Container.class.getClassLoader())
              .setDeploymentName("test")
              .setEagerFilterInit(true)
              .setContextPath(contextPath.isEmpty() ? "/" : contextPath)
              .addServletContainerInitializer(
                  new ServletContainerInitializerInfo(
                      InitializerOf.class,
                      () -> new ImmediateInstanceHandle<>(new InitializerOf(application)),
                      Set.of()));
      DeploymentManager deployment = ServletContainer.Factory.newInstance().addDeployment(info);
      deployment.deploy();
      Undertow undertow =
          Undertow.builder()
              .addHttpListener(0, "127.0.0.1")
              .setSocketOption(Options.SEND_BUFFER, SEND_BUFFER_BYTES)
              .setWorkerThreads(THREADS)
              .setHandler(Handlers.path().addPrefixPath(info.getContextPath(), deployment.start()))
              .build();
      undertow.start();
      InetSocketAddress address =
          (InetSocketAddress) undertow.getListenerInfo().get(0).getAddress();
      return new RunningServer(
          address.getPort(),
          contextPath,
          () -> {
            undertow.stop();
            deployment.stop();
            deployment.undeploy();
          });
    }
  };

  /** Undertow wants a class of the initializer. */
  private record InitializerOf(Application application) implements ServletContainerInitializer {
    @Override
    public void onStartup(Set<Class<?>> classes, ServletContext context) throws ServletException {
      application.configure(context);
    }
  }

  /** So few that a test sees when one is held. */
  private static final int THREADS = 10;

  /** So small that a test sees when a client does not read. */
  private static final int SEND_BUFFER_BYTES = 16 * 1024;

  /** What is deployed: servlets and filters, registered as the servlet specification has it. */
  interface Application {
    void configure(ServletContext context) throws ServletException;
  }

  abstract RunningServer start(String contextPath, Application application) throws Exception;

  RunningServer start(Application application) throws Exception {
    return start("", application);
  }

  private static void stop(Tomcat tomcat) throws LifecycleException {
    tomcat.stop();
    tomcat.destroy();
  }

  private static Path temporaryFolder() {
    try {
      Path folder = Files.createTempDirectory(Path.of("target"), "tomcat");
      return folder.toAbsolutePath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
