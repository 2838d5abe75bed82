"""The functions' environment, as the construct sets it for guests (tests/infra holds the names equal)."""

from tests.unit.dynamodb import CREDENTIALS

ENVIRONMENT = {
    **CREDENTIALS,
    "AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI": "https://abcdef1234.execute-api.us-east-1.amazonaws.com/chat",
    "CONNECTIONS_TABLE": "c",
    "ROOMS_TABLE": "r",
    "CONNECTION_LIFETIME_S": "7800",
    "MAX_FRAME_BYTES": "32768",
    "MAX_TEXT_BYTES": "8192",
    "MAX_ROOM_NAME_LENGTH": "128",
    "MAX_ROOMS_PER_CONNECTION": "50",
    "MAX_CONNECTIONS_PER_USER": "20",
    "MAX_SENDS_PER_SECOND": "10",
    "MAX_SEND_BURST": "20",
    "MAX_JOINS_PER_SECOND": "10",
    "MAX_JOIN_BURST": "100",
    "DELIVERY_QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/123456789012/Deliveries.fifo",
    "INLINE_LIMIT": "200",
    "MAX_SHARDS": "32",
    "POSTS_PER_SECOND": "2000",
    "POSTS_IN_FLIGHT": "50",
    "METRICS_NAMESPACE": "ChatStack",
    "SIGN_IN": "guest",
    "ALLOWED_ORIGINS": "https://chat.example.com",
    "GROUPS_CLAIM": "",
    "MODERATOR_GROUP": "",
    "ROOM_ACCESS_CLAIM": "",
    "HOOK_TIMEOUT_S": "3",
    "REVIEW_FAILS": "closed",
    "WEBSOCKET_URL": "wss://abcdef1234.execute-api.us-east-1.amazonaws.com/chat",
}
