# Rasa with its trained model, on the Python that it needs. Reached over loopback only.
FROM python:3.10-slim-bookworm
WORKDIR /qianmen
ENV PYTHONUNBUFFERED=1 RASA_TELEMETRY_ENABLED=false
ARG UV_DEFAULT_INDEX
ARG PIP_INDEX_URL
COPY bot bot
COPY domain.yml ./
RUN python -m venv .tools && .tools/bin/pip install --quiet --no-cache-dir "uv>=0.9,<1" \
 && UV_NO_CACHE=1 bot/setup.sh \
 && rm -rf .tools \
 && useradd --system rasa
USER rasa
CMD ["bot/.venv/bin/python", "bot/serve.py"]
