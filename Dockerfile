# Untested: written where no Docker could run. It builds what `mvn -Pdist package` builds.
#
#   docker build -t circuitscript .                              an image with the program and PyTorch
#   docker run --rm -it -v "$PWD:/work" circuitscript            the prompt, in the current folder
#   docker build --target archives --output target .             the archives themselves

FROM maven:3.9-eclipse-temurin-25 AS build
RUN apt-get update && apt-get install -y --no-install-recommends git && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY . .
RUN mvn -B -Pdist -Dmaven.test.skip=true clean package \
 && mkdir /unpacked && tar xzf target/circuitscript-*-full.tar.gz -C /unpacked --strip-components=1

FROM scratch AS archives
COPY --from=build /build/target/*.tar.gz /

FROM debian:12-slim
RUN apt-get update && apt-get install -y --no-install-recommends libstdc++6 && rm -rf /var/lib/apt/lists/* \
 && useradd --create-home circuit
COPY --from=build /unpacked /opt/circuitscript
RUN ln -s /opt/circuitscript/bin/circuit /usr/local/bin/circuit
USER circuit
WORKDIR /work
ENTRYPOINT ["circuit"]
